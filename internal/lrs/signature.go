package lrs

import "cairn/internal/xapi"

func verifySignature(st *xapi.Statement, jws []byte) error { return nil }
