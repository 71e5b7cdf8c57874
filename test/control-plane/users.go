package main

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// A user the API server knows by a token.
type user struct {
	name   string
	groups []string
}

// users are all who can log in. What the reader may do stands in rbac.go; nobody and guest may do nothing but what
// everybody may; tests bind roles to the guest.
var users = []user{
	{"admin", []string{"system:masters"}},
	{"reader", []string{"readers"}},
	{"nobody", nil},
	{"guest", nil},
}

// writeUsers writes <user>.kubeconfig for all users, certificate.kubeconfig for the reader by client certificate, and
// tokens.csv for the API server. It returns the administrator's token. Tokens differ from start to start.
func writeUsers(folder, server string, ca *authority) (string, error) {
	var tokens strings.Builder
	var adminToken string
	table := csv.NewWriter(&tokens)
	for _, u := range users {
		token := rand.Text()
		if u.name == "admin" {
			adminToken = token
		}
		if err := table.Write([]string{token, u.name, u.name, strings.Join(u.groups, ",")}); err != nil {
			return "", err
		}
		login := &api.AuthInfo{Token: token}
		if err := writeKubeconfig(folder, u.name, server, ca, login); err != nil {
			return "", err
		}
	}
	table.Flush()
	if err := os.WriteFile(filepath.Join(folder, "tokens.csv"), []byte(tokens.String()), 0o600); err != nil {
		return "", err
	}
	pair, err := ca.issue(pkix.Name{CommonName: "reader", Organization: []string{"readers"}}, x509.ExtKeyUsageClientAuth)
	if err != nil {
		return "", err
	}
	login := &api.AuthInfo{ClientCertificateData: pair.certificate, ClientKeyData: pair.key}
	return adminToken, writeKubeconfig(folder, "certificate", server, ca, login)
}

// writeKubeconfig writes <name>.kubeconfig, whose context and user have that name too.
func writeKubeconfig(folder, name, server string, ca *authority, login *api.AuthInfo) error {
	config := api.NewConfig()
	config.Clusters["control-plane"] = &api.Cluster{Server: server, CertificateAuthorityData: ca.certificate}
	config.AuthInfos[name] = login
	config.Contexts[name] = &api.Context{Cluster: "control-plane", AuthInfo: name}
	config.CurrentContext = name
	return clientcmd.WriteToFile(*config, filepath.Join(folder, name+".kubeconfig"))
}
