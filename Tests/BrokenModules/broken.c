// SPDX-License-Identifier: Apache-2.0
// A PKCS#11 module that goes wrong in the way that the environment variable ISIGNUM_BROKEN names:
//   constructor, function-list, initialize   crash there
//   exit                                     ends its process with 0 when it is loaded
//   hang                                     never comes back from C_Initialize
//   hang-at-end                              never comes back from C_Finalize
//   empty-list                               says CKR_OK and gives no function list
//   refuse                                   C_Initialize is CKR_GENERAL_ERROR
//   talk                                     writes to standard output and error, and works
//   gaps                                     works, without C_GetSlotInfo, C_GetMechanismList and others
//   crash-in-login                           crashes in C_Login, with a register that points to the PIN
//   wait-in-login                            never comes back from C_Login; copies nothing, and makes the file that
//                                            ISIGNUM_BROKEN_SIGN names
// What works is SoftHSM's, from ISIGNUM_BROKEN_BACKEND.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "BrokenModules.h"

static CK_FUNCTION_LIST functions, *real;

static bool is(const char *way) {
    const char *chosen = getenv("ISIGNUM_BROKEN");
    return chosen && strcmp(chosen, way) == 0;
}

// A true fault: a signal that is only raised can be survived.
static void crash(void) { *(volatile int *)NULL = 0; }

static void hang(void) {
    for (;;) pause();
}

__attribute__((constructor)) static void begin(void) {
    if (is("constructor")) crash();
    if (is("exit")) exit(0);
}

static CK_RV initialize(void *arguments) {
    if (is("initialize")) crash();
    if (is("hang")) hang();
    if (is("refuse") || !real) return CKR_GENERAL_ERROR;
    if (is("talk")) {
        printf("a vendor's module greets you\n");
        fprintf(stderr, "a vendor's module warns you\n");
        fflush(stdout);
    }
    return real->C_Initialize(arguments);
}

static CK_RV finalize(void *reserved) {
    if (is("hang-at-end")) hang();
    return real->C_Finalize(reserved);
}

static CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length) {
    (void)session, (void)user, (void)length;
    if (is("crash-in-login")) {
        // The PIN stays in a register that a report of the crash would follow.
        __asm__ volatile("" : "+r"(pin));
        crash();
        __asm__ volatile("" : : "r"(pin));
    }
    const char *sign = getenv("ISIGNUM_BROKEN_SIGN");
    FILE *file = sign ? fopen(sign, "w") : NULL;
    if (file) fclose(file);
    hang();
    return CKR_OK;
}

static bool load_backend(void) {
    const char *path = getenv("ISIGNUM_BROKEN_BACKEND");
    void *library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
    CK_C_GetFunctionList list = library ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : NULL;
    return list && list(&real) == CKR_OK;
}

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list) {
    if (is("function-list")) crash();
    if (is("empty-list")) {
        *list = NULL;
        return CKR_OK;
    }
    if (load_backend()) functions = *real;
    functions.version = (CK_VERSION){2, 40};
    functions.C_GetFunctionList = C_GetFunctionList;
    functions.C_Initialize = initialize;
    functions.C_Finalize = finalize;
    if (is("crash-in-login") || is("wait-in-login")) functions.C_Login = log_in;
    if (is("gaps")) {
        functions.C_GetSlotInfo = NULL;
        functions.C_GetMechanismList = NULL;
        functions.C_GetInfo = NULL;
        functions.C_WaitForSlotEvent = NULL;
        functions.C_CopyObject = NULL;
    }
    *list = &functions;
    return CKR_OK;
}
