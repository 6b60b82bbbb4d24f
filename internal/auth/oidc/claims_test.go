package oidc_test

import (
	"strings"
	"testing"

	"cairn/internal/auth"
	"cairn/internal/xapi"
)

// Tokens as issuers make them: what the principal may do, who it is in logs, and who vouches for what it stores.
func TestTokensOfRealIssuers(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier()
	agent := func(name string) string {
		return `{"objectType":"Agent","account":{"homePage":"` + i.url + `","name":"` + name + `"}}`
	}
	group := func(client, user string) string {
		return `{"objectType":"Group","member":[` + agent(client) + `,` + agent(user) + `]}`
	}
	for name, x := range map[string]struct {
		claims    said
		client    string
		scopes    auth.Scopes
		authority string
	}{
		"Cognito, access token of a user": {
			said{"aud": nil, "azp": nil, "client_id": "cairn", "token_use": "access", "version": 2, "jti": "1", "username": "ada@example.com",
				"scope": "openid xapi/statements.write xapi/statements.read.mine", "cognito:groups": []string{"teachers"}},
			"cairn", auth.StatementsWrite | auth.StatementsReadMine, group("cairn", "ada")},
		"Cognito, access token of a client": {
			said{"aud": nil, "azp": nil, "client_id": "cairn", "sub": "cairn", "token_use": "access", "scope": "xapi/all"},
			"cairn", auth.All, agent("cairn")},
		"Cognito, id token": {
			said{"azp": nil, "token_use": "id", "aud": "cairn", "email": "ada@example.com", "cognito:groups": []string{"xapi:admin", "admin"}, "scope": nil},
			"cairn", auth.Admin, group("cairn", "ada")},
		"Entra ID v2, of a user": {
			said{"aud": "7d1a", "azp": "5c3f", "scp": "xapi.statements.write xapi.state User.Read", "scope": nil, "oid": "0d1e", "tid": "9a", "ver": "2.0", "name": "Ada Lovelace"},
			"5c3f", auth.StatementsWrite | auth.State, group("5c3f", "ada")},
		"Entra ID v1, of a user": {
			said{"aud": "api://cairn", "azp": nil, "appid": "5c3f", "scp": "xapi.profile", "scope": nil, "upn": "ada@example.com", "ver": "1.0"},
			"5c3f", auth.Profile, group("5c3f", "ada")},
		"Entra ID, of an application": {
			said{"aud": "7d1a", "azp": "5c3f", "roles": []string{"xapi.all.read", "Reader"}, "scope": nil, "oid": "0d1e", "sub": "0d1e"},
			"5c3f", auth.AllRead, agent("5c3f")},
		"Entra ID, of an application that says so": {
			said{"aud": "api://cairn", "azp": "5c3f", "roles": []string{"xapi.define"}, "scope": nil, "idtyp": "app"},
			"5c3f", auth.Define, agent("5c3f")},
		"Keycloak, of a user": {
			said{"aud": []string{"cairn", "account"}, "azp": "course", "scope": "openid profile email", "realm_access": said{"roles": []string{"offline_access", "xapi:statements/read"}},
				"resource_access": said{"cairn": said{"roles": []string{"xapi:state"}}, "other": said{"roles": []string{"xapi:all"}}}, "preferred_username": "ada", "email": "ada@example.com"},
			"course", auth.StatementsRead | auth.State, group("course", "ada")},
		"Keycloak, of a service": {
			said{"azp": "course", "preferred_username": "service-account-course", "client_id": "course", "scope": "xapi:statements/write profile"},
			"course", auth.StatementsWrite, agent("course")},
		"Keycloak of before, of a service": {
			said{"azp": "course", "preferred_username": "service-account-course", "clientId": "course", "scope": "xapi.define"},
			"course", auth.Define, agent("course")},
		"Keycloak, of a user who calls himself a service": {
			said{"azp": "course", "preferred_username": "service-account-course"},
			"course", auth.StatementsWrite, group("course", "ada")},
		"a role that holds more than one scope": {
			said{"scope": nil, "roles": []string{"xapi:state,all", "xapi:state all", "xapi.profile"}}, "course", auth.Profile, group("course", "ada")},
		"scopes that are none of ours": {
			said{"scope": "profile all admin xapi xapiall xapi:everything xapi-all other/xapi:all"}, "course", 0, group("course", "ada")},
		"without a client": {said{"azp": nil}, "", auth.StatementsWrite, agent("ada")},
	} {
		p, err := bearer(t, v, i.token(t, x.claims))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		key := strings.TrimSuffix(i.url+"|"+x.client, "|")
		if want := auth.NewPrincipal(key, []byte(x.authority), x.scopes); p.Key != want.Key || string(p.Authority) != x.authority || p.Scopes() != x.scopes {
			t.Errorf("%s: %q may %q, by %s", name, p.Key, p.Scopes(), p.Authority)
		}
		for _, version := range []xapi.Version{xapi.V1, xapi.V2} {
			statement := `{"actor":{"mbox":"mailto:ada@example.com"},"verb":{"id":"http://example.com/did"},"object":{"id":"http://example.com/it"},"authority":` + string(p.Authority) + `}`
			if _, _, err := xapi.Decode([]byte(statement), version); err != nil {
				t.Errorf("%s: no authority in %s: %v", name, version, err)
			}
		}
	}
}
