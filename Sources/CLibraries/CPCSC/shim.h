// SPDX-License-Identifier: Apache-2.0
// pcsc-lite 1.9 or later.
#pragma once
#include <stddef.h>
#include <winscard.h>
