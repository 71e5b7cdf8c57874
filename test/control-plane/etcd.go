package main

import (
	"net/url"
	"os"
	"path/filepath"

	"go.etcd.io/etcd/server/v3/embed"
)

// etcdStore is an etcd with one member, in this process.
type etcdStore struct {
	etcd     *embed.Etcd
	sockets  string
	endpoint string
}

// startEtcd listens on sockets in a folder that only this user can enter: no port that another process could take,
// nothing on the network without a password. The folder is a short one, because the path of a socket may have no more
// than about 100 characters.
func startEtcd(folder string) (*etcdStore, error) {
	sockets, err := os.MkdirTemp("", "etcd-")
	if err != nil {
		return nil, err
	}
	client := url.URL{Scheme: "unix", Path: filepath.Join(sockets, "client")}
	peer := url.URL{Scheme: "unix", Path: filepath.Join(sockets, "peer")}
	config := embed.NewConfig()
	config.Dir = filepath.Join(folder, "etcd")
	config.LogLevel = "fatal"
	// Nobody wants the data after the process: a crash of the machine may lose them.
	config.UnsafeNoFsync = true
	config.ListenClientUrls, config.ListenPeerUrls = []url.URL{client}, []url.URL{peer}
	// Told to other members, of which there are none. etcd wants a host and a port here.
	unused := url.URL{Scheme: "http", Host: "127.0.0.1:1"}
	config.AdvertiseClientUrls, config.AdvertisePeerUrls = []url.URL{unused}, []url.URL{unused}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	etcd, err := embed.StartEtcd(config)
	if err != nil {
		_ = os.RemoveAll(sockets)
		return nil, err
	}
	store := &etcdStore{etcd, sockets, client.String()}
	select {
	case <-etcd.Server.ReadyNotify():
		return store, nil
	case err := <-etcd.Err():
		store.stop()
		return nil, err
	}
}

func (s *etcdStore) stop() {
	s.etcd.Close()
	_ = os.RemoveAll(s.sockets)
}
