package main

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/client-go/rest"
	"k8s.io/component-base/compatibility"
	logsapi "k8s.io/component-base/logs/api/v1"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	apiserveroptions "k8s.io/kubernetes/cmd/kube-apiserver/app/options"
)

// auditPolicy logs each request once, when it is over, without bodies.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted, Panic]
rules:
  - level: Metadata
`

// apiServer is a kube-apiserver that has its port but does not run yet.
type apiServer struct {
	url string
	// How to reach it as the administrator.
	admin   *rest.Config
	options apiserveroptions.CompletedOptions
}

// prepareServer takes the port and writes everything that the server and its clients read.
func prepareServer(folder, etcdEndpoint string, opts options) (*apiServer, error) {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", opts.port))
	if err != nil {
		return nil, err
	}
	server := "https://" + listener.Addr().String()
	ca, err := newAuthority()
	if err != nil {
		return nil, err
	}
	token, err := writeUsers(folder, server, ca)
	if err != nil {
		return nil, err
	}
	if err := writeServerFiles(folder, ca); err != nil {
		return nil, err
	}
	flags := append(serverFlags(folder, etcdEndpoint), opts.apiServerFlags...)
	completed, err := completeOptions(listener, flags)
	if err != nil {
		return nil, err
	}
	admin := &rest.Config{Host: server, BearerToken: token, QPS: -1, TLSClientConfig: rest.TLSClientConfig{CAData: ca.certificate}}
	return &apiServer{server, admin, completed}, nil
}

func (s *apiServer) run(ctx context.Context) error {
	return app.Run(ctx, s.options)
}

func writeServerFiles(folder string, ca *authority) error {
	serving, err := ca.issue(pkix.Name{CommonName: "kube-apiserver"}, x509.ExtKeyUsageServerAuth)
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		"ca.crt":            ca.certificate,
		"tls.crt":           serving.certificate,
		"tls.key":           serving.key,
		"audit-policy.yaml": []byte(auditPolicy),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// serverFlags are what every test has. The service account admission is off because there are no controllers that
// would make service accounts.
func serverFlags(folder, etcdEndpoint string) []string {
	in := func(name string) string { return filepath.Join(folder, name) }
	return []string{
		"--etcd-servers=" + etcdEndpoint,
		"--bind-address=127.0.0.1",
		"--advertise-address=127.0.0.1",
		"--tls-cert-file=" + in("tls.crt"),
		"--tls-private-key-file=" + in("tls.key"),
		"--cert-dir=" + folder,
		"--client-ca-file=" + in("ca.crt"),
		"--service-account-key-file=" + in("tls.key"),
		"--service-account-signing-key-file=" + in("tls.key"),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-cluster-ip-range=10.0.0.0/24",
		"--endpoint-reconciler-type=none",
		"--authorization-mode=RBAC",
		"--token-auth-file=" + in("tokens.csv"),
		"--audit-policy-file=" + in("audit-policy.yaml"),
		"--audit-log-path=" + in("audit.log"),
		// In megabytes: a log that is rotated away would hide requests.
		"--audit-log-maxsize=10000",
		"--disable-admission-plugins=ServiceAccount",
	}
}

// completeOptions does what the command kube-apiserver does with its flags, and gives it a listener that stands
// already, so that no other process can take the port in between.
func completeOptions(listener net.Listener, flags []string) (apiserveroptions.CompletedOptions, error) {
	none := apiserveroptions.CompletedOptions{}
	opts := apiserveroptions.NewServerRunOptions()
	registry := opts.GenericServerRunOptions.ComponentGlobalsRegistry
	set := pflag.NewFlagSet("kube-apiserver", pflag.ContinueOnError)
	for _, part := range opts.Flags().FlagSets {
		set.AddFlagSet(part)
	}
	if err := set.Parse(flags); err != nil {
		return none, err
	}
	if set.NArg() > 0 {
		return none, fmt.Errorf("not a flag of kube-apiserver: %q", set.Arg(0))
	}
	if err := registry.Set(); err != nil {
		return none, err
	}
	if err := logsapi.ValidateAndApply(opts.Logs, registry.FeatureGateFor(compatibility.DefaultKubeComponent)); err != nil {
		return none, err
	}
	opts.SecureServing.Listener = listener
	opts.SecureServing.BindPort = listener.Addr().(*net.TCPAddr).Port
	completed, err := opts.Complete(context.Background())
	if err != nil {
		return none, err
	}
	return completed, utilerrors.NewAggregate(completed.Validate())
}
