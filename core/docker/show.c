#include "show.h"

#include <netinet/in.h>
#include <string.h>

#include "../json/json.h"
#include "../rule/addr.h"

static const char modes[][16] = {
	[MODE_NAT] = "nat", [MODE_NAT_UNPROTECTED] = "nat-unprotected",
	[MODE_ROUTED] = "routed", [MODE_ISOLATED] = "isolated",
};

static const char *proto_name(const struct published *p)
{
	return p->proto == IPPROTO_TCP ? "tcp"
	       : p->proto == IPPROTO_UDP ? "udp" : "sctp";
}

static void print_subnet(struct buf *out, const struct subnet *s)
{
	struct net net = {.len = s->bits};

	memcpy(net.bytes, s->bytes, sizeof(net.bytes));
	net_print(out, &net, s->six ? FAMILY_6 : FAMILY_4);
}

/* "172.17.0.2:80", "[fd00::2]:80" */
static void print_port(struct buf *out, const struct subnet *s, uint16_t port)
{
	buf_str(out, s->six ? "[" : "");
	print_subnet(out, s);
	buf_fmt(out, "%s:%u", s->six ? "]" : "", port);
}

static void print_network(struct buf *out, const struct network *n)
{
	size_t i;

	buf_fmt(out, "%-15s", n->bridge);
	for (i = 0; i < n->nsubnets; i++) {
		buf_str(out, " ");
		print_subnet(out, &n->subnets[i]);
	}
	if (n->name[0])
		buf_fmt(out, " '%s'", n->name);
	buf_fmt(out, "%s%s%s", n->internal ? " internal" : "",
		n->icc ? "" : " icc=false",
		n->masquerade ? "" : " ip-masq=false");
	for (i = 0; i < 2; i++)
		if (n->mode[i] != MODE_NAT)
			buf_fmt(out, " ipv%d=%s", i ? 6 : 4,
				modes[n->mode[i]]);
	buf_str(out, "\n");
}

void networks_print(const struct networks *n, struct buf *out)
{
	const struct published *p;
	size_t i;

	for (i = 0; i < n->nnetworks; i++) {
		print_network(out, &n->networks[i]);
		for (p = n->ports; p < n->ports + n->nports; p++) {
			if (!p->port ||
			    strcmp(p->bridge, n->networks[i].bridge) != 0)
				continue;
			buf_str(out, "    ");
			print_port(out, &p->host, p->host_port);
			buf_fmt(out, "/%s to ", proto_name(p));
			print_port(out, &p->container, p->port);
			buf_str(out, "\n");
		}
	}
}

static void json_network(struct buf *out, const struct network *n)
{
	size_t i;

	json_fmt(out, "{bridge:%s,name:%s,internal:%b,icc:%b,masquerade:%b,"
		 "ipv4:%s,ipv6:%s,subnets:[", n->bridge, n->name,
		 &n->internal, &n->icc, &n->masquerade, modes[n->mode[0]],
		 modes[n->mode[1]]);
	for (i = 0; i < n->nsubnets; i++) {
		buf_str(out, i ? ",\"" : "\"");
		print_subnet(out, &n->subnets[i]);
		buf_str(out, "\"");
	}
	buf_str(out, "]}");
}

static void json_port(struct buf *out, const struct published *p)
{
	uint64_t port = p->port, host_port = p->host_port;
	struct buf host = {0}, container = {0};

	print_subnet(&host, &p->host);
	print_subnet(&container, &p->container);
	json_fmt(out, "{bridge:%s,proto:%s,host:{address:%s,port:%u},"
		 "container:{address:%s,port:%u}}", p->bridge,
		 proto_name(p), host.data, &host_port,
		 container.data, &port);
	out->failed |= host.failed | container.failed;
	buf_free(&host);
	buf_free(&container);
}

void networks_json(const struct networks *n, struct buf *out)
{
	const char *comma = "";
	size_t i;

	json_fmt(out, "{networks:[");
	for (i = 0; i < n->nnetworks; i++) {
		buf_str(out, i ? "," : "");
		json_network(out, &n->networks[i]);
	}
	json_fmt(out, "],ports:[");
	for (i = 0; i < n->nports; i++) {
		if (!n->ports[i].port)
			continue;
		buf_str(out, comma);
		comma = ",";
		json_port(out, &n->ports[i]);
	}
	buf_str(out, "]}\n");
}
