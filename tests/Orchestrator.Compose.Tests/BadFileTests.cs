namespace Orchestrator.Compose.Tests;

/// <summary>What is wrong is told with its place and with what to write, all at once, and nothing is read from such a file.</summary>
public sealed class BadFileTests
{
    public static TheoryData<string, string> OneFault => new()
    {
        { "", "compose.yaml:1:1: the file is empty; write services: and at least one service" },
        { "# nothing\n", "compose.yaml:1:1: the file is empty; write services: and at least one service" },
        { "just a text", "compose.yaml:1:1: 'just a text' cannot be a Compose file; write services: and at least one service" },
        { "- a\n- b", "compose.yaml:1:1: a list cannot be a Compose file; write services: and at least one service" },
        { "name: shop", "compose.yaml:1:1: services: there is none; write services: and at least one service" },
        { "services: {}", "compose.yaml:1:11: services: there is none; write at least one service" },
        { "services: [web]", "compose.yaml:1:11: services: a list cannot be here; write a map" },
        { "services:\n  web:\n", "compose.yaml:2:7: services.web: nothing cannot be here; write a map" },
        { "services:\n  web: { command: x }", "compose.yaml:2:8: services.web.image: it is missing; name an image" },
        { "services:\n  web: { build: . }", "compose.yaml:2:8: services.web.image: it is missing; images are not built here: build it, and name the image" },
        { "services:\n  web: { image: 'a b' }", "compose.yaml:2:17: services.web.image: 'a b' is no image; write name:tag or registry/name:tag, the name in lower case" },
        { "services:\n  Web: { image: a }", "compose.yaml:2:3: services.Web: 'Web' is no name; write lower-case letters, digits, '-' and '_', at most 63, beginning with a letter or digit" },
        { "services:\n  web: { image: a }\n  web: { image: b }", "compose.yaml:3:3: the key 'web' stands twice in this map (first in line 2); keep one" },
        { "servces:\n  web: { image: a }\nservices:\n  web: { image: a }", "compose.yaml:1:1: servces: there is no such key; did you mean 'services'?" },
        { Reading.Service("commnd: x"), "compose.yaml:4:5: services.web.commnd: there is no such key; did you mean 'command'?" },
        { Reading.Service("zzz: x"), "compose.yaml:4:5: services.web.zzz: there is no such key; remove it, or write x- before it" },
        { Reading.Service("command: { a: b }"), "compose.yaml:4:14: services.web.command: a map cannot be here; write a text or a list" },
        { Reading.Service("command: \"sh -c 'echo\""), "compose.yaml:4:14: services.web.command: a quote is not closed; close it, or write a list" },
        { Reading.Service("environment: 7"), "compose.yaml:4:18: services.web.environment: '7' cannot be here; write a map, or a list of NAME=value" },
        { Reading.Service("env_file: missing.env"), "compose.yaml:4:15: services.web.env_file: the file missing.env was not found; make it, or write required: false" },
        { Reading.Service("image_: ${NOPE}"), "compose.yaml:4:5: services.web.image_: there is no such key; did you mean 'image'?" },
        { Reading.Service("hostname: ${NOPE}"), "compose.yaml:4:15: services.web.hostname: variable NOPE is not set; set it, or write ${NOPE:-default}" },
        { Reading.Service("hostname: ${NOPE:?tell me}"), "compose.yaml:4:15: services.web.hostname: variable NOPE is required: tell me; set it" },
        { Reading.Service("hostname: ${NOPE"), "compose.yaml:4:15: services.web.hostname: '${NOPE': a closing brace is missing; write ${NAME}, or $$ for a dollar sign" },
        { Reading.Service("ports: 80"), "compose.yaml:4:12: services.web.ports: '80' cannot be here; write a list of ports" },
        { Reading.Service("ports: [\"80:99999\"]"), "compose.yaml:4:13: services.web.ports[0]: '80:99999' is no port; write \"8080:80\", \"127.0.0.1:8080:80/tcp\", \"[::1]:8080:80\" or \"8000-8002:80-82\"" },
        { Reading.Service("ports: [\"80-82:80-81\"]"), "compose.yaml:4:13: services.web.ports[0]: '80-82:80-81' is no port; write \"8080:80\", \"127.0.0.1:8080:80/tcp\", \"[::1]:8080:80\" or \"8000-8002:80-82\"" },
        { Reading.Service("ports: [\"nowhere:80:80\"]"), "compose.yaml:4:13: services.web.ports[0]: 'nowhere' is no address; write one of the node's, such as 127.0.0.1" },
        { Reading.Service("networks: [far]"), "compose.yaml:4:15: services.web.networks: there is no network 'far'; write it under the top-level networks" },
        { Reading.Service("networks: { default: { aliases: [A_] } }"), "compose.yaml:4:17: services.web.networks: alias 'A_' is no name that DNS knows; write lower-case letters, digits, '-' and '_', at most 63" },
        { Reading.Service("x-orchestrator: { network_policy: { ingress: [{ service: nobody }] } }"), "compose.yaml:4:51: services.web.x-orchestrator.network_policy.ingress[0]: there is no service 'nobody' in this application; name one, or write app, too" },
        { Reading.Service("ports: [\"[fe80::1%eth0]:80:80\"]"), "compose.yaml:4:13: services.web.ports[0]: 'fe80::1%eth0' is no address; write one of the node's, such as 127.0.0.1" },
        { Reading.Service("ports: [\"[::1]:53:53/udp\"]"), "compose.yaml:4:13: services.web.ports[0]: '::1': udp is not served over IPv6 with mode ingress; write mode: host, or an address of IPv4" },
        { Reading.Service("ports: [\"[::]:80:1\", \"[::1]:80:2\"]"), "compose.yaml:4:26: services.web.ports: port 80 is published twice (first by services.web.ports in line 4); publish another" },
        { Reading.Service("ports: [{ published: 80 }]"), "compose.yaml:4:13: services.web.ports[0]: target is missing; write target: the container's port" },
        { Reading.Service("ports: [{ target: 80, mode: bridge }]"), "compose.yaml:4:33: services.web.ports[0].mode: 'bridge' cannot be here; write ingress or host" },
        { Reading.Service("ports: [\"80:1\", \"80:2\"]"), "compose.yaml:4:21: services.web.ports: port 80 is published twice (first by services.web.ports in line 4); publish another" },
        { "services:\n  a: { image: a, ports: [\"80:1\"] }\n  b: { image: b, ports: [\"127.0.0.1:80:2\"] }", "compose.yaml:3:26: services.b.ports: port 80 is published twice (first by services.a.ports in line 2); publish another" },
        { Reading.Service("volumes: [data:/data]"), "compose.yaml:4:15: services.web.volumes[0]: there is no volume 'data'; write it under the top-level volumes:, or remove it" },
        { Reading.Service("volumes: [./data:/data]"), "compose.yaml:4:15: services.web.volumes[0]: './data' is relative, and tasks run on any node; write an absolute path that is there on every node" },
        { Reading.Service("volumes: [\"/a:b\"]"), "compose.yaml:4:15: services.web.volumes[0]: 'b' is no absolute path in the container; begin it with /" },
        { Reading.Service("volumes: [\"/a:/x\", \"/b:/x\"]"), "compose.yaml:4:24: services.web.volumes: /x is mounted twice; keep one" },
        { Reading.Service("volumes: [{ type: disk, target: /a }]"), "compose.yaml:4:23: services.web.volumes[0].type: 'disk' cannot be here; write volume, bind or tmpfs" },
        { Reading.Service("healthcheck: { test: [curl] }"), "compose.yaml:4:26: services.web.healthcheck.test: the list must begin with CMD or CMD-SHELL and a command, or be [NONE]; write a text for a shell command" },
        { Reading.Service("healthcheck: { interval: 5 }"), "compose.yaml:4:30: services.web.healthcheck.interval: '5' cannot be here; write a duration such as 10s or 1m30s, at most 24h" },
        { Reading.Service("healthcheck: { retries: 0 }"), "compose.yaml:4:29: services.web.healthcheck.retries: '0' cannot be here; write a whole number from 1 to 1000" },
        { Reading.Service("stop_grace_period: soon"), "compose.yaml:4:24: services.web.stop_grace_period: 'soon' cannot be here; write a duration such as 10s or 1m30s, at most 24h" },
        { Reading.Service("init: maybe"), "compose.yaml:4:11: services.web.init: 'maybe' cannot be here; write true or false" },
        { Reading.Service("pull_policy: sometimes"), "compose.yaml:4:18: services.web.pull_policy: 'sometimes' cannot be here; write always, never, missing or if_not_present" },
        { Reading.Service("restart: maybe"), "compose.yaml:4:14: services.web.restart: 'maybe' cannot be here; write \"no\", always, on-failure, on-failure:N or unless-stopped" },
        { Reading.Service("depends_on: [db]"), "compose.yaml:4:18: services.web.depends_on: there is no service 'db'; remove it" },
        { "services:\n  a: { image: a, depends_on: [b] }\n  b: { image: b, depends_on: [a] }", "compose.yaml:2:3: services.a.depends_on: a, b wait for each other; break the circle" },
        { Reading.Service("links: [db]"), "compose.yaml:4:13: services.web.links: there is no service 'db'; remove it" },
        { Reading.Service("links: db"), "compose.yaml:4:12: services.web.links: 'db' cannot be here; write a list" },
        { "services:\n  a: { image: a, links: ['b:B_'] }\n  b: { image: b }", "compose.yaml:2:26: services.a.links: alias 'B_' is no name that DNS knows; write lower-case letters, digits, '-' and '_', at most 63" },
        { "services:\n  a: { image: a, links: ['b:a'] }\n  b: { image: b }", "compose.yaml:2:26: services.a.links: alias 'a' is the name of a service; write another" },
        { "services:\n  a: { image: a, links: [b] }\n  b: { image: b, networks: [x] }\nnetworks: { x: {} }", "compose.yaml:2:26: services.a.links: it has no network in common with 'b'; put both into one under networks" },
        { "services:\n  a: { image: a, links: ['b:db'] }\n  b: { image: b }\n  c: { image: c, links: ['d:db'] }\n  d: { image: d }", "compose.yaml:4:26: services.c.links: alias 'db' means 'b' already (services.a.links), and the name is the same for all; write another" },
        { "services:\n  a: { image: a, links: [b] }\n  b: { image: b, links: [a] }", "compose.yaml:2:3: services.a.depends_on: a, b wait for each other; break the circle" },
        { Reading.Service("deploy: { replicas: -1 }"), "compose.yaml:4:25: services.web.deploy.replicas: '-1' cannot be here; write a whole number from 0 to 10000" },
        { Reading.Service("deploy: { replicas: [1] }"), "compose.yaml:4:25: services.web.deploy.replicas: a list cannot be here; write a whole number from 0 to 10000" },
        { Reading.Service("deploy: { mode: global-job }"), "compose.yaml:4:21: services.web.deploy.mode: global-job is not supported yet; write replicated or global" },
        { Reading.Service("deploy: { mode: some }"), "compose.yaml:4:21: services.web.deploy.mode: 'some' cannot be here; write replicated or global" },
        { Reading.Service("deploy: { resources: { limits: { memory: 1m } } }"), "compose.yaml:4:46: services.web.deploy.resources.limits.memory: the engine needs at least 6m for a container; write 6m or more" },
        { Reading.Service("deploy: { resources: { limits: { cpus: many } } }"), "compose.yaml:4:44: services.web.deploy.resources.limits.cpus: 'many' cannot be here; write a number from 0.001 to 100000" },
        { Reading.Service("deploy: { resources: { limits: { cpus: 1 }, reservations: { cpus: 2 } } }"), "compose.yaml:4:63: services.web.deploy.resources.reservations: more is reserved than the limit allows; raise the limit, or reserve less" },
        { Reading.Service("deploy: { restart_policy: { condition: often } }"), "compose.yaml:4:44: services.web.deploy.restart_policy.condition: 'often' cannot be here; write none, on-failure or any" },
        { Reading.Service("deploy: { placement: { constraints: [zone] } }"), "compose.yaml:4:42: services.web.deploy.placement.constraints[0]: 'zone' is no constraint; write ATTRIBUTE OPERATOR VALUE, as node.labels.zone==b; operators are ==, !=, in, notin, exists, >, < or ~=" },
        { Reading.Service("deploy: { update_config: { order: both } }"), "compose.yaml:4:39: services.web.deploy.update_config.order: 'both' cannot be here; write start-first or stop-first" },
        { "a: &a { b: *a }", "compose.yaml:1:12: *a stands inside what it stands for; break the circle" },
        { "name: a\nservices:\n\tweb: { image: a }", "compose.yaml:3:1: this is not YAML: a tab cannot indent; write blanks" },
        { "a: *nothing", "compose.yaml:1:4: *nothing: there is no anchor &nothing before it" },
        { "services: {}\n---\nservices: {}", "compose.yaml:2:1: a second document begins here; write one document in a file" },
    };

    [Theory]
    [MemberData(nameof(OneFault))]
    public void AFault_IsToldWithItsPlaceAndWhatToWrite(string text, string told)
    {
        var result = Reading.Read(text);
        Assert.Null(result.Spec);
        Assert.Equal([told], result.Errors.Select(error => error.ToString()));
    }

    [Theory]
    [InlineData("services: [")]
    [InlineData("a: b: c")]
    [InlineData("\t- x")]
    [InlineData("\"open")]
    [InlineData("{")]
    [InlineData("%")]
    [InlineData("\0")]
    [InlineData("! <tag")]
    [InlineData("\t")]
    public void WhatIsNotYaml_IsToldOnce(string text)
    {
        var error = Assert.Single(Reading.Read(text).Errors);
        Assert.True(error is { Line: >= 1, Column: >= 1 });
    }

    [Fact]
    public void AllFaults_AreToldAtOnce_ByPosition()
    {
        var result = Reading.Read("""
            services:
              web:
                imagee: web
                deploy: { replicas: -1 }
                ports: ["x"]
              db:
                image: db
                volumes: [data:/data]
            """);
        Assert.Equal(
            ["3:5 services.web.image", "3:5 services.web.imagee", "4:25 services.web.deploy.replicas", "5:13 services.web.ports[0]", "8:15 services.db.volumes[0]"],
            result.Errors.Select(error => $"{error.Line}:{error.Column} {error.Key}"));
    }

    [Theory]
    [InlineData("image: UPPER/CASE:1", "'UPPER/CASE:1' is no image")]
    [InlineData("image: a:b:c", "'a:b:c' is no image")]
    [InlineData("image: ../etc", "'../etc' is no image")]
    [InlineData("image: x@sha256:zz", "'x@sha256:zz' is no image")]
    [InlineData("image: caf\uFFFD", "is no image")]
    [InlineData("hostname: -bad host-", "'-bad host-' is no host name")]
    [InlineData("working_dir: relative", "'relative' is no absolute path in the container")]
    [InlineData("stop_signal: SIGFOO", "'SIGFOO' is no signal")]
    [InlineData("stop_signal: 65", "'65' is no signal")]
    [InlineData("stop_grace_period: 99999999999d", "write a duration such as 10s or 1m30s, at most 24h")]
    [InlineData("healthcheck: { test: [CMD, x], interval: 99999h }", "at most 24h")]
    [InlineData("deploy: { restart_policy: { delay: 25h } }", "at most 24h")]
    [InlineData("environment: [\"=x\"]", "'=x' names no variable")]
    [InlineData("environment: [\"\"]", "'' names no variable")]
    [InlineData("environment: { A: \"x\\0y\" }", "NUL character")]
    [InlineData("labels: [\"=x\"]", "a label has no name")]
    [InlineData("command: { a: b }", "write a text or a list")]
    [InlineData("command: !reset null", "the tag !reset is not supported")]
    [InlineData("depends_on: [web]", "it waits for itself; remove it")]
    [InlineData("depends_on: [nope]", "there is no service 'nope'; remove it")]
    [InlineData("deploy: { placement: { constraints: [\"==\"] } }", "'==' is no constraint")]
    [InlineData("deploy: { placement: { constraints: [\"node.labels.x==\"] } }", "'node.labels.x==' has no value")]
    [InlineData("deploy: { placement: { constraints: [node.color==a] } }", "'node.color==a' names an attribute that is not known, 'node.color'")]
    [InlineData("deploy: { placement: { preferences: [{ spread: zone }] } }", "'zone' is nothing to spread over")]
    [InlineData("deploy: { placement: { constraints: [\"node.labels.x ~= ((a{1000}){1000})\"] } }", "a pattern that repeats more than 1000 times")]
    [InlineData("deploy: { placement: { max_replicas_per_node: -1 } }", "'-1' cannot be here")]
    [InlineData("deploy: { placement: { max_replicas_per_node: 1, constraints: [node.id==a] }, replicas: 2 }", "2 replicas cannot be on the one node of 'node.id==a' with 1 per node")]
    [InlineData("deploy: { placement: { constraints: [node.id==a, node.id==b] } }", "'node.id==b' and an earlier one never hold together")]
    [InlineData("deploy: { resources: { reservations: { generic_resources: [{ discrete_resource_spec: { kind: ssd, value: -2 } }] } } }", "'-2' cannot be here")]
    [InlineData("deploy: { resources: { reservations: { generic_resources: [{ named: a }] } } }", "there is no such key")]
    [InlineData("deploy: { resources: { reservations: { devices: [{ count: many, capabilities: [gpu] }] } } }", "'many' cannot be here; write all, or a whole number from 1 to 100")]
    [InlineData("deploy: { resources: { reservations: { devices: [{ count: 0, capabilities: [gpu] }] } } }", "'0' cannot be here; write all, or a whole number from 1 to 100")]
    [InlineData("deploy: { resources: { reservations: { devices: [{ count: all, capabilities: [gpu], device_ids: [a] }] } } }", "device_ids are there too; keep one")]
    [InlineData("deploy: { resources: { reservations: { devices: [{ capabilities: [gpu] }, { count: 1, capabilities: [gpu] }] } } }", "all gpu are asked for, and some besides; keep one")]
    [InlineData("deploy: { resources: { reservations: { devices: [{ count: 1 }] } } }", "it is missing; write what the device must be able to do")]
    [InlineData("platform: linux", "'linux' is no platform; write one such as linux/amd64")]
    [InlineData("x-orchestrator: { priority: 101 }", "priority 101 cannot be; write 0 to 100")]
    [InlineData("ports: [\"[::1]:80:1\"]\n    x-orchestrator: { network_policy: { ingress: [] } }", "the ingress policy can name no client of ::1; publish on an address of IPv4")]
    [InlineData("x-orchestrator: { preemption: all }", "'all' cannot be here; write off, lower or never")]
    [InlineData("x-orchestrator: { prioritie: 1 }", "there is no such key")]
    [InlineData("x-orchestrator: { disconnect: { lost_after: sometimes } }", "'sometimes' cannot be here")]
    [InlineData("x-orchestrator: { disconnect: { stop_on_client_after: 0s } }", "write 1s to 86400s, or leave it out")]
    [InlineData("x-orchestrator: { disconnect: { reconcile: both } }", "'both' cannot be here; write best, keep_original or keep_replacement")]
    [InlineData("x-orchestrator: { disconnect: { lost: 1s } }", "there is no such key")]
    [InlineData("x-orchestrator: { probes: { livenes: {} } }", "there is no such key; did you mean 'liveness'?")]
    [InlineData("x-orchestrator: { probes: { liveness: {} } }", "it asks nothing; write one of http, tcp, exec, grpc and posted")]
    [InlineData("x-orchestrator: { probes: { liveness: { tcp: { port: 1 }, http: { port: 1 } } } }", "it asks several things; write one of http, tcp, exec, grpc and posted")]
    [InlineData("x-orchestrator: { probes: { liveness: { tcp: {} } } }", "it is missing; write the port in the container, 1 to 65535")]
    [InlineData("x-orchestrator: { probes: { liveness: { grpc: { port: 70000 } } } }", "70000 is no port; write 1 to 65535")]
    [InlineData("x-orchestrator: { probes: { liveness: { http: { port: 80, path: x } } } }", "'x' is no path; begin it with /")]
    [InlineData("x-orchestrator: { probes: { liveness: { http: { port: 80, scheme: ftp } } } }", "'ftp' cannot be here; write http or https")]
    [InlineData("x-orchestrator: { probes: { liveness: { http: { port: 80, headers: { \"a b\": c } } } } }", "'a b' is no header")]
    [InlineData("x-orchestrator: { probes: { liveness: { exec: [] } } }", "there is no command")]
    [InlineData("x-orchestrator: { probes: { liveness: { exec: \"sh -c 'x\" } } }", "a quote is not closed")]
    [InlineData("x-orchestrator: { probes: { liveness: { tcp: { port: 1 }, period: 0s } } }", "write 0.1s to 86400s")]
    [InlineData("x-orchestrator: { probes: { liveness: { tcp: { port: 1 }, failure_threshold: 0 } } }", "write 1 to 1000")]
    [InlineData("x-orchestrator: { probes: { liveness: { posted: { max_age: 0.5s } } } }", "write 1s to 86400s")]
    [InlineData("x-orchestrator: { probes: { liveness: { posted: { every: 5s } } } }", "there is no such key")]
    [InlineData("x-orchestrator: { probes: { liveness: { posted: {}, period: 5s } } }", "it has no meaning with posted: what the application says counts at once")]
    [InlineData("x-orchestrator: { probes: { readiness: { posted: {}, failure_threshold: 1 } } }", "it has no meaning with posted: what the application says counts at once")]
    [InlineData("x-orchestrator: { probes: { startup: { tcp: { port: 1 }, success_threshold: 2 } } }", "only readiness may need more than one success")]
    [InlineData("x-orchestrator: { pool: \"a b\" }", "'a b' is no pool")]
    [InlineData("x-orchestrator: { affinities: [{ constraint: node.role==worker, weight: 0 }] }", "weight 0 cannot be; write −100 to 100, not 0")]
    [InlineData("x-orchestrator: { affinities: [{ constraint: node.role==chief, weight: 5 }] }", "names a role that is not known, 'chief'")]
    [InlineData("x-orchestrator: { service_affinities: [{ service: db, weight: 5 }] }", "there is no service 'db' in this application")]
    [InlineData("x-orchestrator: { service_affinities: [{ service: blog/Data Base, weight: 5 }] }", "'blog/Data Base' names no service; write app/service")]
    [InlineData("x-orchestrator: { service_affinities: [{ service: blog/db/1 }] }", "'blog/db/1' names no service; write app/service")]
    [InlineData("x-orchestrator: { service_affinities: [{ service: /db }] }", "there is no service '/db' in this application")]
    [InlineData("x-orchestrator: { service_affinities: [{ service: blog/db, hard: true }, { service: blog/db, weight: -1, hard: true }] }", "the tasks must be near blog/db by node.id and must not be")]
    [InlineData("x-orchestrator: { service_affinities: [{ service: web, hard: true }, { service: web, weight: -1, hard: true, topology: node.labels.zone }, { service: web, weight: -1, hard: true }] }", "the tasks must be near web by node.id and must not be")]
    [InlineData("x-orchestrator: { tolerations: [{ key: a, effect: NoSchedule, seconds: 5 }] }", "only with the effect NoExecute")]
    [InlineData("x-orchestrator: { preferences: [{ spread: node.labels.zone, max_skew: 0 }] }", "'0' cannot be here")]
    public void WhatANodeWouldRefuse_IsToldWithItsLine(string line, string told)
    {
        var text = line.StartsWith("image:", StringComparison.Ordinal) ? $"services:\n  web:\n    {line}\n" : Reading.Service(line);
        var error = Assert.Single(Reading.Read(text).Errors);
        Assert.Contains(told, error.Text, StringComparison.Ordinal);
        Assert.InRange(error.Line, 2, 4);
    }

    [Fact]
    public void AllThatIsWrongWithPlacement_IsToldAtOnce_EachWithItsPlace()
    {
        var errors = Reading.Read(Reading.Service(
            "deploy:",
            "  placement: { constraints: [zone, node.color==a] }",
            "x-orchestrator:",
            "  priority: 900",
            "  affinities:",
            "    - { constraint: \"node.labels.a == b\", weight: 1000 }")).Errors;
        Assert.Equal(
            ["5:34 constraints[0]", "5:40 constraints[1]", "7:17 priority", "9:11 affinities[0]"],
            errors.Select(error => $"{error.Line}:{error.Column} {error.Key.Split('.')[^1]}"));
    }

    [Fact]
    public void ALaughBomb_IsRefusedBeforeItGrows()
    {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 12).Select(i =>
            $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        var error = Assert.Single(Reading.Read(bomb).Errors);
        Assert.Contains("with all its aliases this is larger than", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepNesting_IsRefused()
    {
        var error = Assert.Single(Reading.Read(new string('[', 5000)).Errors);
        Assert.Contains("nested deeper than", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void TenMegabytes_AreRefusedUnread()
    {
        var error = Assert.Single(Reading.Read("services:\n" + new string('#', 10_000_000)).Errors);
        Assert.Contains("1048576 are allowed", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void FilesMadeToBeSlow_AreAnswered()
    {
        var keys = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"k{i}: 1\n"));
        Assert.NotEmpty(Reading.Read(keys).Errors);
        var ports = "services:\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"  s{i}: {{ image: a, ports: [\"1-1000:1-1000\", \"1-1000:1-1000\"] }}\n"));
        Assert.NotEmpty(Reading.Read(ports).Errors);
    }

    [Theory]
    [InlineData("Shop")]
    [InlineData("-shop")]
    [InlineData("a b")]
    [InlineData("shop\n")]
    [InlineData("")]
    public void AnApplicationName_MustBeAName(string name)
    {
        var result = ComposeReader.Read(new ComposeInput { Text = Reading.Service(), AppName = name });
        Assert.Contains("is no name", Assert.Single(result.Errors).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AnApplication_NeedsAName()
    {
        var result = ComposeReader.Read(new ComposeInput { Text = Reading.Service() });
        Assert.Equal("compose.yaml:1:1: name: the application has no name; write name: at the top of the file, or give one with the command", Assert.Single(result.Errors).ToString());
        Assert.Equal("other", ComposeReader.Read(new ComposeInput { Text = "name: other\n" + Reading.Service() }).App);
    }

    [Fact]
    public void AllThatIsWrongWithProbes_IsToldAtOnce_EachWithItsPlace()
    {
        var errors = Reading.Read(Reading.Service(
            "x-orchestrator:",
            "  probes:",
            "    startup: { tcp: { port: 0 }, period: 0s, failure_threshold: -1 }",
            "    readiness: { http: { port: 80, path: ready }, timeout: 0ms }",
            "    liveness: { success_threshold: 3 }")).Errors;
        Assert.Equal(
            ["6 startup.tcp.port", "6 startup.period", "6 startup.failure_threshold", "7 readiness.http.path", "7 readiness.timeout", "8 liveness", "8 liveness.success_threshold"],
            errors.Select(error => $"{error.Line} {error.Key["services.web.x-orchestrator.probes.".Length..]}"));
    }

    [Fact]
    public void AnExecThatIsAskedOften_IsWarnedOf()
    {
        var warning = Assert.Single(Reading.Read(Reading.Service("x-orchestrator: { probes: { liveness: { exec: [x], period: 2s } } }")).Warnings);
        Assert.Equal("each exec costs about 0.15 s of CPU, which is 7.5 % of a core for each container; ask by http, tcp or grpc, or each 10s", warning.Text);
        Assert.Empty(Reading.Read(Reading.Service("x-orchestrator: { probes: { liveness: { exec: [x] } } }")).Warnings);
    }
}
