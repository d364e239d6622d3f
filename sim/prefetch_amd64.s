#include "textflag.h"

// func prefetch(state, pulse, traits, marks unsafe.Pointer)
TEXT ·prefetch(SB), NOSPLIT, $0-32
	MOVQ state+0(FP), AX
	MOVQ pulse+8(FP), BX
	MOVQ traits+16(FP), CX
	MOVQ marks+24(FP), DX
	PREFETCHT0 (AX)
	PREFETCHT0 64(AX)
	PREFETCHT0 128(AX)
	PREFETCHT0 192(AX)
	PREFETCHT0 240(AX)
	PREFETCHT0 (BX)
	PREFETCHT0 40(BX)
	PREFETCHT0 (CX)
	PREFETCHT0 (DX)
	RET

// func prefetchLine(at unsafe.Pointer)
TEXT ·prefetchLine(SB), NOSPLIT, $0-8
	MOVQ at+0(FP), AX
	PREFETCHT0 (AX)
	RET
