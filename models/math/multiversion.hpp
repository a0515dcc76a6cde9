// How a loop over cells is compiled: for any x86-64, for AVX2 and for AVX-512, chosen when the program starts.
//
// That is safe for the bits because contraction is off and every operation in such a loop is element-wise IEEE
// arithmetic, which does not depend on the vector's width. Sanitizers instrument the resolver that picks the
// version before they are initialised, so under them the plain version is built. So it is
// with PACKRIG_ONE_VERSION defined, by which a test has each width by itself (tests/python/test_same_bits.py).
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PACKRIG_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PACKRIG_SANITIZED 1
#endif
#endif

// Before a function whose loops run over cells.
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(PACKRIG_SANITIZED) && !defined(PACKRIG_ONE_VERSION)
#define PACKRIG_MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define PACKRIG_MULTIVERSION
#endif

// Before a loop whose iterations do not touch each other's elements: what the compiler cannot prove of pointers.
// The latter for one that is so short and brief that GCC would unroll it before it looks for vectors.
#if defined(__clang__)
#define PACKRIG_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#define PACKRIG_INDEPENDENT_BRIEF PACKRIG_INDEPENDENT
#elif defined(__GNUC__)
#define PACKRIG_INDEPENDENT _Pragma("GCC ivdep")
#define PACKRIG_INDEPENDENT_BRIEF _Pragma("GCC ivdep") _Pragma("GCC unroll 1")
#else
#define PACKRIG_INDEPENDENT
#define PACKRIG_INDEPENDENT_BRIEF
#endif

// Before a function that such a one is made of, and behind the parameters of a lambda: inlined, it is compiled for the
// same vectors.
#define PACKRIG_INLINED __attribute__((always_inline)) inline
#define PACKRIG_INLINED_LAMBDA __attribute__((always_inline))
