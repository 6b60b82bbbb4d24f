package session

import (
	"net/netip"
	"sync"
	"time"
)

// How often whoever does not know a secret may try in a minute: with one key, and with all, from one address. A stranger cannot so lock
// anybody out who is elsewhere. Each process counts by itself, and a secret that Cairn made has 256 bits: the bound is for those that people chose.
const (
	triesWithKey = 5
	triesInAll   = 20
	window       = time.Minute
	addresses    = 1000 // that are remembered
)

type attempts struct {
	mu    sync.Mutex
	began time.Time
	tried map[string]*tries
}

type tries struct {
	all int
	of  map[string]int // by key
}

func newAttempts() *attempts { return &attempts{tried: map[string]*tries{}} }

// begin counts a try from an address. It says how long to wait instead, when there were too many.
func (a *attempts) begin(address, key string) (wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := time.Now(); now.Sub(a.began) >= window || len(a.tried) >= addresses {
		a.began, a.tried = now, map[string]*tries{}
	}
	name := networkOf(address)
	t := a.tried[name]
	if t == nil {
		t = &tries{of: map[string]int{}}
		a.tried[name] = t
	}
	if t.all >= triesInAll || t.of[key] >= triesWithKey {
		return time.Until(a.began.Add(window))
	}
	t.all++
	t.of[key]++
	return 0
}

// succeeded takes a try back that was none.
func (a *attempts) succeeded(address, key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if t := a.tried[networkOf(address)]; t != nil && t.of[key] > 0 {
		t.all--
		t.of[key]--
	}
}

// networkOf is what one household or host has of addresses: one of IPv4, 2^64 of IPv6.
func networkOf(address string) string {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return ""
	}
	ip := at.Addr().Unmap()
	if ip.Is4() {
		return ip.String()
	}
	network, err := ip.Prefix(64)
	if err != nil {
		return ""
	}
	return network.String()
}
