package traffic

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// random is the one source of chance. It counts in whole numbers, because floating point may differ by processor, and the bytes
// must not.
type random struct{ pcg *rand.PCG }

// newRandom differs for every difference in the settings: the same ids with other contents would be conflicts.
func newRandom(s Settings) random {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %d %d %d", s.Seed, s.Statements, s.From.Unix(), s.Days, s.Learners))
	return random{rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16]))}
}

// below is a number from 0 up to n, without n.
func (r random) below(n int) int { return int(r.pcg.Uint64() >> 1 % uint64(n)) }

// between is a number from low to high, both included.
func (r random) between(low, high int) int { return low + r.below(high-low+1) }

// middling is a number from low to high, more often in the middle.
func (r random) middling(low, high int) int {
	return (r.between(low, high) + r.between(low, high) + r.between(low, high)) / 3
}

func (r random) percent(chance int) bool { return r.below(100) < chance }

type uuid [16]byte

func (r random) uuid() (u uuid) {
	binary.BigEndian.PutUint64(u[:8], r.pcg.Uint64())
	binary.BigEndian.PutUint64(u[8:], r.pcg.Uint64())
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return u
}

const hexDigits = "0123456789abcdef"

func (u uuid) append(dst []byte) []byte {
	for i, b := range u {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			dst = append(dst, '-')
		}
		dst = append(dst, hexDigits[b>>4], hexDigits[b&15])
	}
	return dst
}

func (u uuid) String() string { return string(u.append(nil)) }
