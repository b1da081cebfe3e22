// SPDX-License-Identifier: Apache-2.0
// libBrokenModules.so is a PKCS#11 module that goes wrong as ISIGNUM_BROKEN says; see broken.c.
