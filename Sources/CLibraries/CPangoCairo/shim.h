// SPDX-License-Identifier: Apache-2.0
// Pango 1.50 on cairo 1.16: text of any script on a PDF surface. Their object types are macros.
#pragma once
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

static inline void isignum_layout_free(PangoLayout *layout) { g_object_unref(layout); }
