#include "textflag.h"

// func prefetch(state, pulse, traits, marks unsafe.Pointer)
TEXT ·prefetch(SB), NOSPLIT, $0-32
	MOVD state+0(FP), R0
	MOVD pulse+8(FP), R1
	MOVD traits+16(FP), R2
	MOVD marks+24(FP), R3
	PRFM (R0), PLDL1KEEP
	PRFM 64(R0), PLDL1KEEP
	PRFM 128(R0), PLDL1KEEP
	PRFM 192(R0), PLDL1KEEP
	PRFM 240(R0), PLDL1KEEP
	PRFM (R1), PLDL1KEEP
	PRFM 40(R1), PLDL1KEEP
	PRFM (R2), PLDL1KEEP
	PRFM (R3), PLDL1KEEP
	RET

// func prefetchLine(at unsafe.Pointer)
TEXT ·prefetchLine(SB), NOSPLIT, $0-8
	MOVD at+0(FP), R0
	PRFM (R0), PLDL1KEEP
	RET
