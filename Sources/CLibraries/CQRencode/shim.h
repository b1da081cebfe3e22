// SPDX-License-Identifier: Apache-2.0
// libqrencode 4.
#pragma once
#include <qrencode.h>
