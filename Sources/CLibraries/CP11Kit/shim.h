// SPDX-License-Identifier: Apache-2.0
// p11-kit 0.24 or later; it needs <stddef.h> first. Its PKCS#11 header brings the standard's CK_ names by default.
#pragma once
#include <stddef.h>
#include <p11-kit/pkcs11.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>
