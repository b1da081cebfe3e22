// SPDX-License-Identifier: Apache-2.0
// An IFD handler for pcscd whose reader is a unix socket: see reader.c. pcscd loads it; nothing includes it.
#pragma once
