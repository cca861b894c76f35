/* Docker's engine: its answers read, and what is no answer refused. */
#include "core/docker/engine.h"
#include "core/docker/http.h"
#include "tap.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define OK "HTTP/1.1 200 OK\r\n"
#define JSON OK "\r\n"
#define BRIDGE "com.docker.network.bridge."

static struct err e;
static struct networks n;

/* A static text as what came over the socket. */
static int take(int question, const char *bytes, size_t len)
{
	struct buf answer = {0};
	int status;

	buf_add(&answer, bytes, len);
	status = engine_take(question, &answer, &n, &e);
	buf_free(&answer);
	return status;
}

static int networks(const char *list)
{
	struct buf answer = {0};
	int status;

	networks_free(&n);
	buf_fmt(&answer, JSON "[%s]", list);
	status = engine_take(ENGINE_NETWORKS, &answer, &n, &e);
	buf_free(&answer);
	return status;
}

static int containers(const char *list)
{
	struct buf answer = {0};
	int status;

	buf_fmt(&answer, JSON "[%s]", list);
	status = engine_take(ENGINE_CONTAINERS, &answer, &n, &e);
	buf_free(&answer);
	return status;
}

static void body(const char *answer, const char *want, const char *name)
{
	struct buf b = {0};

	buf_str(&b, answer);
	if (http_body(&b, &e))
		is(e.text, want, name);
	else
		is(b.data, want, name);
	buf_free(&b);
}

static void test_body(void)
{
	static const char cut[] = "the engine's answer is cut short";
	static const char none[] = "the engine does not answer '200 OK'";

	body(JSON "[]", "[]", "a body until the end");
	body(OK "Content-Length: 2\r\n\r\n[]", "[]", "one of a length");
	body(OK "content-length:2\r\n\r\n[]more", "[]", "and what is behind");
	body(OK "Content-Length: 3\r\n\r\n[]", cut, "one that lacks a byte");
	body(OK "Content-Length: x\r\n\r\n[]", cut, "a length that is none");
	body(OK "Content-Length: 99999999999999999999\r\n\r\n[]", cut,
	     "a length beyond all");
	body(OK "Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n1;x\r\n]\r\n"
	     "0\r\n\r\n", "[]", "chunks");
	body(OK "Transfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n0"
	     "\r\n\r\n", "0123456789", "a chunk of a letter");
	body(OK "Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n", cut,
	     "chunks without the last");
	body(OK "Transfer-Encoding: chunked\r\n\r\n3\r\n[]\r\n0\r\n\r\n", cut,
	     "a chunk of another length");
	body(OK "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n[]", cut,
	     "a chunk longer than all");
	body(OK "Transfer-Encoding: chunked\r\n\r\n-1\r\n[]", cut,
	     "a chunk of a negative length");
	body(OK "Transfer-Encoding: chunked\r\n\r\n1ffffffff\r\n[]", cut,
	     "a chunk's length of nine digits");
	body(OK "Server: x", cut, "a head that has no end");
	body("HTTP/1.1 404 Not Found\r\n\r\n[]", none, "404");
	body("HTTP/1.0 200 OK\r\n\r\n[]", "[]", "HTTP/1.0");
	body("SSH-2.0-OpenSSH_9.2\r\n\r\n", none, "another protocol");
	body("HTTP/1.1", none, "half a line");
	body("", "the engine answers nothing", "nothing");
}

static void test_networks(void)
{
	const struct network *net;

	ok(!networks("{\"Name\": \"bridge\", \"Id\": \"0123456789abcdef\","
		"\"Created\": \"2026-11-24T15:11:54.5Z\", \"Driver\": "
		"\"bridge\", \"IPAM\": {\"Config\": [{\"Subnet\": "
		"\"172.17.0.0/16\"}, {\"Subnet\": \"fd00::/64\"}]}, \"Options\""
		": {\"" BRIDGE "name\": \"docker0\"}}, {\"Name\": \"mine\","
		"\"Id\": \"fedcba9876543210\", \"Created\": "
		"\"2026-11-24T15:11:54.51Z\", \"Driver\": \"bridge\","
		"\"EnableIPv6\": true, \"Internal\": true, \"IPAM\": {"
		"\"Config\": [{\"Subnet\": \"10.9.0.0/24\"}, {\"Subnet\": "
		"\"fd00:9::/64\"}]}, \"Options\": {\"" BRIDGE "enable_icc\": "
		"\"false\", \"" BRIDGE "enable_ip_masquerade\": \"0\", \""
		BRIDGE "gateway_mode_ipv6\": \"routed\", \"" BRIDGE
		"host_binding_ipv4\": \"192.0.2.7\"}}, {\"Name\": \"host\","
		"\"Driver\": \"host\"}"), "a list of networks");
	ok(n.nnetworks == 2, "of which two are bridges");
	net = n.networks;
	is(net->bridge, "br-fedcba987654", "the newer comes first: its bridge");
	is(net->name, "mine", "its name");
	ok(net->internal && !net->icc && !net->masquerade &&
	   net->mode[0] == MODE_NAT && net->mode[1] == MODE_ROUTED,
	   "its options");
	ok(net->host_binding.bits == 32 && net->host_binding.bytes[3] == 7,
	   "its host binding");
	ok(net->nsubnets == 2 && net->subnets[1].six &&
	   net->subnets[1].bits == 64, "its subnets");
	net = networks_find(&n, "docker0");
	ok(net && net->nsubnets == 1 && net->icc && net->masquerade &&
	   !net->internal && !net->host_binding.bits,
	   "the default: not of a family that is off");
	ok(net && net->created < n.networks->created, "the times");
}

static void test_bad_networks(void)
{
	static const char *const names[] = {
		"", "0123456789abcdef", "a b", "a/b", "../x", "..", "lo",
		"a*", "a+", "x\\u0000y", "x\\ny", "a:b",
	};
	char text[300];
	size_t i;

	for (i = 1; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(text, sizeof(text), "{\"Driver\":\"bridge\","
			 "\"Options\":{\"" BRIDGE "name\":\"%s\"}}", names[i]);
		ok(networks(text) < 0 && strstr(e.text, "bad bridge"),
		   "a bridge named '%s'", names[i]);
	}
	ok(networks("{\"Driver\":\"bridge\",\"Id\":\"0123/../6789abc\"}") < 0 &&
	   strstr(e.text, "bad id '0123/../6789abc'"), "an id that is none");
	ok(networks("{\"Driver\":\"bridge\",\"Id\":\"0123456789ab\",\"IPAM\":"
		    "{\"Config\":[{\"Subnet\":\"300.0.0.0/8\"}]}}") < 0 &&
	   strstr(e.text, "bad address '300.0.0.0/8'"),
	   "a subnet that is none");
	ok(networks("{\"Driver\":\"bridge\",\"Id\":\"0123456789ab\"},"
		    "{\"Driver\":\"bridge\",\"Id\":\"0123456789ab\"}") < 0 &&
	   strstr(e.text, "two networks"), "a bridge of two networks");
	ok(networks("{\"Driver\":\"bridge\",\"Id\":\"0123456789ab\",\"Options\""
		    ":{\"" BRIDGE "gateway_mode_ipv4\":\"odd\"}}") < 0 &&
	   strstr(e.text, "bad gateway mode 'odd'"), "a mode that is none");
	ok(!networks("1,null,\"x\",[],{},{\"Driver\":1},{\"Driver\":\"bridge\","
		     "\"Id\":\"0123456789ab\",\"Name\":{},\"Options\":null,"
		     "\"IPAM\":[],\"Internal\":7,\"Created\":\"\"}") &&
	   n.nnetworks == 1, "members of other types are passed over");
}

/* A container of the network `mine`. */
static int published(const char *ports)
{
	char text[900];

	networks("{\"Driver\":\"bridge\",\"Id\":\"0123456789abcd\",\"Name\":"
		 "\"mine\"},{\"Driver\":\"bridge\",\"Name\":\"inner\",\"Id\":"
		 "\"1123456789abcd\",\"Internal\":true},{\"Driver\":\"bridge\","
		 "\"Name\":\"other\",\"Options\":{\"" BRIDGE
		 "name\":\"other0\"}}");
	snprintf(text, sizeof(text), "{\"Ports\":[%s],\"NetworkSettings\":"
		 "{\"Networks\":{\"inner\":{\"NetworkID\":\"1123456789abcd\","
		 "\"IPAddress\":\"10.1.0.2\",\"GlobalIPv6Address\":\"fd01::2\"}"
		 ",\"mine\":{\"NetworkID\":\"0123456789abcd\",\"IPAddress\":"
		 "\"10.2.0.2\"},\"other\":{\"IPAddress\":\"10.3.0.2\","
		 "\"GlobalIPv6Address\":\"fd03::2\"},\"unknown\":{\"IPAddress\""
		 ":\"10.4.0.2\"}}}},{\"Ports\":[]}", ports);
	return containers(text);
}

static void test_ports(void)
{
	const struct published *p;

	ok(!published("{\"IP\":\"::\",\"PrivatePort\":80,\"PublicPort\":8080,"
		"\"Type\":\"tcp\"},{\"IP\":\"0.0.0.0\",\"PrivatePort\":80,"
		"\"PublicPort\":8080,\"Type\":\"tcp\"},{\"PrivatePort\":81,"
		"\"Type\":\"tcp\"},{\"IP\":\"192.0.2.7\",\"PrivatePort\":53,"
		"\"PublicPort\":53,\"Type\":\"udp\"}"), "a container's ports");
	if (!ok(n.nports == 6, "three are published, and three addresses"))
		return;
	p = n.ports;
	ok(!p->port && !p->host_port && p->container.bytes[1] == 2 &&
	   !p[1].port && p[1].container.bytes[1] == 3 && !p[4].port &&
	   p[4].container.six, "the addresses before their ports");
	p += 2;
	ok(p->host_port == 53 && p->proto == IPPROTO_UDP && p->port == 53 &&
	   p->host.bytes[3] == 7 && p->host.bits == 32, "the lowest first");
	is(p->bridge, "other0",
	   "of the network that has both families, found by its name");
	ok(p->container.bytes[1] == 3 && p->container.bits == 32,
	   "to the address there");
	ok(p[1].host.bits == 32 && !p[1].host.six && p[1].host_port == 8080 &&
	   p[1].port == 80, "then the one of IPv4");
	ok(p[3].container.six && p[3].container.bytes[1] == 3 &&
	   p[3].host.bits == 128, "and the one of IPv6");
	ok(!published("{\"IP\":\"0.0.0.0\",\"PrivatePort\":80,\"Type\":"
		"\"tcp\"}") && n.nports == 4 && n.ports[2].port == 80 &&
	   !n.ports[2].host_port, "a routed port has an address only");
	ok(published("{\"PublicPort\":65536,\"PrivatePort\":1}") < 0 &&
	   !strcmp(e.text, "bad published port"), "a port that is none");
	ok(published("{\"PublicPort\":-1,\"PrivatePort\":1}") < 0, "below 0");
	ok(published("{\"PublicPort\":1,\"PrivatePort\":1,\"Type\":\"ip\"}")
	   < 0 && strstr(e.text, "bad protocol 'ip'"),
	   "a protocol that is none");
	ok(published("{\"PublicPort\":1,\"PrivatePort\":1,\"Type\":\"tcp\","
		     "\"IP\":\"10.0.0.0/8\"}") < 0, "a network as address");
	ok(!containers("{\"Ports\":[{}],\"NetworkSettings\":{\"Networks\":[1]}}"
		       ",{\"Ports\":7},3"), "other types are passed over");
}

static void test_bounds(void)
{
	struct buf b = {0};
	int i;

	for (i = 0; i <= ENGINE_MAX; i++)
		buf_fmt(&b, "%s{\"Driver\":\"bridge\",\"Id\":\"%012x\"}",
			i ? "," : "", i);
	ok(networks(b.data) < 0 && strstr(e.text, "too many networks"),
	   "too many networks");
	b.len = 0;
	for (i = 0; i <= ENGINE_MAX; i++)
		buf_str(&b, i ? ",1" : "1");
	ok(networks(b.data) < 0 && strstr(e.text, "too many"),
	   "too many of anything");
	b.len = 0;
	for (i = 0; i <= ENGINE_PORTS_MAX; i++)
		buf_fmt(&b, "%s{\"PublicPort\":1,\"PrivatePort\":1,\"Type\":"
			"\"tcp\"}", i ? "," : "");
	networks("{\"Driver\":\"bridge\",\"Name\":\"m\",\"Id\":"
		 "\"0123456789ab\"}");
	buf_str(&b, "],\"NetworkSettings\":{\"Networks\":{\"m\":{\"IPAddress\":"
		    "\"10.0.0.2\"}}}}");
	{
		struct buf whole = {0};

		buf_fmt(&whole, "{\"Ports\":[%s", b.data);
		ok(containers(whole.data) < 0 && strstr(e.text, "too many pub"),
		   "too many ports");
		buf_free(&whole);
	}
	b.len = 0;
	for (i = 0; i < 100000; i++)
		buf_str(&b, "[");
	ok(networks(b.data) < 0 && strstr(e.text, "/networks:1:"),
	   "brackets without end: the error says where");
	ok(take(ENGINE_NETWORKS, JSON "{}", sizeof(JSON "{}") - 1) < 0 &&
	   strstr(e.text, "no list"), "no list");
	ok(take(ENGINE_NETWORKS, JSON "[\0]", sizeof(JSON "[\0]") - 1) < 0,
	   "a NUL byte");
	buf_free(&b);
}

int main(void)
{
	test_body();
	test_networks();
	test_bad_networks();
	test_ports();
	test_bounds();
	networks_free(&n);
	return tap_done();
}
