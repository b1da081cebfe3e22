// SPDX-License-Identifier: Apache-2.0
// Loaded before a program (LD_PRELOAD), it ends that at one of its steps on the disk. Nothing is called by name.
#pragma once
