package main

import (
	"context"

	rbac "k8s.io/api/rbac/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

var meshGroups = []string{
	"networking.istio.io",
	"security.istio.io",
	"telemetry.istio.io",
	"extensions.istio.io",
	"gateway.networking.k8s.io",
}

// createRoles lets the reader, and nobody else, get and list what the mesh is made of.
func createRoles(ctx context.Context, admin *rest.Config) error {
	client, err := kubernetes.NewForConfig(admin)
	if err != nil {
		return err
	}
	readOnly := []string{"get", "list"}
	role := &rbac.ClusterRole{
		ObjectMeta: meta.ObjectMeta{Name: "mesh-reader"},
		Rules: []rbac.PolicyRule{
			{APIGroups: meshGroups, Resources: []string{"*"}, Verbs: readOnly},
			{APIGroups: []string{""}, Resources: []string{"namespaces", "services", "configmaps"}, Verbs: readOnly},
		},
	}
	if _, err := client.RbacV1().ClusterRoles().Create(ctx, role, meta.CreateOptions{}); err != nil {
		return err
	}
	binding := &rbac.ClusterRoleBinding{
		ObjectMeta: meta.ObjectMeta{Name: "mesh-reader"},
		RoleRef:    rbac.RoleRef{APIGroup: rbac.GroupName, Kind: "ClusterRole", Name: role.Name},
		Subjects:   []rbac.Subject{{APIGroup: rbac.GroupName, Kind: rbac.UserKind, Name: "reader"}},
	}
	_, err = client.RbacV1().ClusterRoleBindings().Create(ctx, binding, meta.CreateOptions{})
	return err
}
