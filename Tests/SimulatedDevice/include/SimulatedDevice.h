// SPDX-License-Identifier: Apache-2.0
// A PKCS#11 2.40 module that turns SoftHSM into a device like those in the field: see README.md. Loaded by path; the
// one symbol that it shows is the standard's.
#pragma once
