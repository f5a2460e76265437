using Orchestrator.Contracts;

namespace Orchestrator.Compose.Tests;

public sealed class GoodFileTests
{
    [Fact]
    public void AMinimalService_HasTheDefaults()
    {
        var service = Reading.OnlyService(Reading.Service());
        Assert.Equal(("web", 1, "web:1"), (service.Name, service.Replicas, service.Container.Image));
        Assert.Equal(PullPolicy.Missing, service.Container.PullPolicy);
        Assert.Equal(10, service.Container.StopGracePeriodSeconds);
        Assert.Equal(RestartCondition.Any, service.Restart.Condition);
        Assert.Null(service.Container.Command);
        Assert.Null(service.Container.Healthcheck);
    }

    [Theory]
    [InlineData("command: echo 'a b' \"c d\" e\\ f", "echo|a b|c d|e f")]
    [InlineData("command: [echo, 'a b']", "echo|a b")]
    [InlineData("command: []", "")]
    [InlineData("command: ''", "")]
    public void Command_AsTextOrList(string line, string words) =>
        Assert.Equal(words, string.Join('|', Reading.OnlyService(Reading.Service(line)).Container.Command!));

    [Theory]
    [InlineData("8080:80", "8080:80/Tcp Ingress ")]
    [InlineData("127.0.0.1:8080:80/tcp", "8080:80/Tcp Ingress 127.0.0.1")]
    [InlineData("80", ":80/Tcp Ingress ")]
    [InlineData("127.0.0.1::80", ":80/Tcp Ingress 127.0.0.1")]
    [InlineData("8000-8001:80-81", "8000:80/Tcp Ingress |8001:81/Tcp Ingress ")]
    [InlineData("[::1]:8080:80", "8080:80/Tcp Ingress ::1")]
    [InlineData("[::]:8080:80", "8080:80/Tcp Ingress ::")]
    [InlineData("[2001:DB8:0::1]:8080:80", "8080:80/Tcp Ingress 2001:db8::1")]
    [InlineData("[::ffff:127.0.0.1]:8080:80", "8080:80/Tcp Ingress 127.0.0.1")]
    public void Ports_Short(string written, string read) => Assert.Equal(read, Ports($"ports: [\"{written}\"]"));

    [Theory]
    [InlineData("{ target: 80, published: 8080 }", "8080:80/Tcp Ingress ")]
    [InlineData("{ target: 80, published: \"8080\", mode: host, host_ip: 127.0.0.1, protocol: udp }", "8080:80/Udp Host 127.0.0.1")]
    [InlineData("{ target: 80 }", ":80/Tcp Ingress ")]
    [InlineData("{ target: 80, published: 8080, host_ip: \"::1\", protocol: udp, mode: host }", "8080:80/Udp Host ::1")]
    public void Ports_Long(string written, string read) => Assert.Equal(read, Ports($"ports: [{written}]"));

    [Fact]
    public void TheSamePortNumber_OnTwoAddresses_OrProtocols_IsNoClash() =>
        Assert.Equal(6, Reading.OnlyService(Reading.Service(
            "ports: [\"127.0.0.1:80:80\", \"127.0.0.2:80:80\", \"0.0.0.0:81:80\", \"[::]:81:80\", { target: 53, published: 53 }, { target: 53, published: 53, protocol: udp, mode: host }]")).Ports.Count);

    [Theory]
    [InlineData("{ A: 1, B: x, C: true, D: '' }", "A=1 B=x C=true D=")]
    [InlineData("[A=1, B=, C]", "A=1 B= C=sent")]
    [InlineData("{ C: , N: }", "C=sent")]
    public void Environment_MapAndList(string written, string read)
    {
        var service = Reading.OnlyService(Reading.Service("environment: " + written), new Dictionary<string, string> { ["C"] = "sent" });
        Assert.Equal(read, string.Join(' ', service.Container.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Fact]
    public void EnvFile_IsReadAsDockerDoes_AndEnvironmentWins()
    {
        var file = "# comment\nA=1\nexport B = two words # not this\nC=\"quo\\\"ted\\nline\"\nD='raw $X'\nE=\nF=file\n";
        var service = Reading.OnlyService(
            Reading.Service("env_file: [{ path: a.env }, { path: no.env, required: false }]", "environment: { F: own }"), files: new Dictionary<string, string> { ["a.env"] = file });
        Assert.Equal(new Dictionary<string, string> { ["A"] = "1", ["B"] = "two words", ["C"] = "quo\"ted\nline", ["D"] = "raw $X", ["E"] = "", ["F"] = "own" }, service.Container.Environment);
    }

    [Theory]
    [InlineData("${A}", "a")]
    [InlineData("$A-$A", "a-a")]
    [InlineData("${E:-d}", "d")]
    [InlineData("${E-d}", "")]
    [InlineData("${N-d}", "d")]
    [InlineData("${N:-${M:-deep}}", "deep")]
    [InlineData("${A:+set}", "set")]
    [InlineData("${N:+set}x", "x")]
    [InlineData("$$A $${A}", "$A ${A}")]
    [InlineData("${A:?must be}", "a")]
    public void Interpolation(string written, string read) =>
        Assert.Equal(read, Reading.OnlyService(Reading.Service($"user: \"x{written}\""), new Dictionary<string, string> { ["A"] = "a", ["E"] = "" }).Container.User![1..]);

    [Fact]
    public void MergeKeys_AndAnchors_OwnKeysWin()
    {
        var service = Reading.OnlyService("""
            x-base: &base { image: base:1, hostname: base, init: true }
            x-more: &more { hostname: more, user: "1" }
            services:
              web:
                <<: [*base, *more]
                image: own:1
            """);
        Assert.Equal(("own:1", "base", "1", true), (service.Container.Image, service.Container.Hostname, service.Container.User, service.Container.Init));
    }

    [Fact]
    public void Volumes_AllForms()
    {
        var mounts = Reading.OnlyService(Reading.Service(
            "volumes: [\"data:/a\", \"data:/b:ro\", /anonymous, \"/host:/c\", { type: bind, source: /host, target: /d, read_only: true }, { type: tmpfs, target: /e }]")
            + "volumes: { data: { name: real, driver: local, driver_opts: { type: nfs }, labels: { a: b } } }\n").Container.Mounts;
        Assert.Equal(
            ["Volume data /a False", "Volume data /b True", "Volume  /anonymous False", "Bind /host /c False", "Bind /host /d True", "Tmpfs  /e False"],
            mounts.Select(mount => $"{mount.Type} {mount.Source} {mount.Target} {mount.ReadOnly}"));
        Assert.Equal("real", mounts[0].Volume!.EngineName);
        Assert.Equal("nfs", mounts[0].Volume!.DriverOptions["type"]);
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("1m30s", 90)]
    [InlineData("1h", 3600)]
    [InlineData("0", 0)]
    public void Durations(string written, double seconds) => Assert.Equal(seconds, Reading.OnlyService(Reading.Service("stop_grace_period: " + written)).Container.StopGracePeriodSeconds);

    [Theory]
    [InlineData("64m", 64L << 20)]
    [InlineData("1.5gb", 3L << 29)]
    [InlineData("67108864", 64L << 20)]
    [InlineData("64MiB", 64L << 20)]
    public void Sizes(string written, long bytes) =>
        Assert.Equal(bytes, Reading.OnlyService(Reading.Service($"deploy: {{ resources: {{ limits: {{ memory: {written} }} }} }}")).Resources.LimitMemoryBytes);

    [Fact]
    public void KeysOfTheSpecificationWithoutEffect_AreWarnings()
    {
        var result = Reading.Read("version: '3'\nnetworks: { a: { driver: bridge } }\n" + Reading.Service("cap_add: [A]", "networks: { a: { priority: 1 } }", "x-mine: 1"));
        Assert.Empty(result.Errors);
        Assert.Equal(["networks.a.driver", "services.web.cap_add", "services.web.networks.a.priority"], result.Warnings.Select(warning => warning.Key));
    }

    [Fact]
    public void ALink_GivesTheServiceANameInCommonNetworks_AndIsWaitedFor()
    {
        var result = Reading.Read("""
            services:
              web: { image: a, links: ["db:database", "db:store", cache], depends_on: { cache: { condition: service_healthy } }, networks: [front, back] }
              api: { image: a, links: ["db:database"], networks: [back] }
              db: { image: a, networks: { back: { aliases: [sql] }, far: } }
              cache: { image: a, networks: [front] }
            networks: { front: , back: , far: }
            """);
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        var services = result.Spec!.Services.ToDictionary(service => service.Name);
        Assert.Equal(["back: sql database store", "far: "], services["db"].Network!.Networks.Select(network => $"{network.Name}: {string.Join(' ', network.Aliases)}"));
        Assert.Empty(services["cache"].Network!.Networks.Single().Aliases);
        Assert.Equal(["cache ServiceHealthy", "db ServiceStarted"], services["web"].DependsOn.Select(dependency => $"{dependency.Service} {dependency.Condition}"));
    }

    [Fact]
    public void ALinkWithinTheDefaultNetwork_NeedsNoNetworksWritten()
    {
        var result = Reading.Read("services:\n  web: { image: a, links: ['db:database'] }\n  db: { image: a }\n");
        Assert.Empty(result.Errors);
        Assert.Equal(["database"], Assert.Single(result.Spec!.Services[1].Network!.Networks).Aliases);
    }

    [Theory]
    [InlineData("no", RestartCondition.None)]
    [InlineData("\"no\"", RestartCondition.None)]
    [InlineData("always", RestartCondition.Any)]
    [InlineData("unless-stopped", RestartCondition.Any)]
    [InlineData("on-failure:3", RestartCondition.OnFailure)]
    public void Restart(string written, RestartCondition condition) => Assert.Equal(condition, Reading.OnlyService(Reading.Service("restart: " + written)).Restart.Condition);

    [Fact]
    public void TheNamesThatATextAsksFor_AreFound_EvenAfterALoneDollar() =>
        Assert.Equal(["A", "B", "C", "D"], ComposeFiles.VariableNames("# 5 $ each\na: ${A:-$B} $$NOT ${C}\nb: $D").Order());

    [Fact]
    public void TheEnvFiles_ThatAFileNames_AreFound() =>
        Assert.Equal(["a.env", "b.env"], ComposeFiles.EnvFilePaths(Reading.Service("env_file: [a.env, { path: '${X}.env' }]"), new Dictionary<string, string> { ["X"] = "b" }));

    private static string Ports(string line) => string.Join('|', Reading.OnlyService(Reading.Service(line)).Ports
        .Select(port => $"{port.Published}:{port.Target}/{port.Protocol} {port.Mode} {port.HostIp}"));

    [Theory]
    [InlineData("web")]
    [InlineData("library/web:1.2-rc_3")]
    [InlineData("localhost/web")]
    [InlineData("registry:5000/team/web:1")]
    [InlineData("ghcr.io/a/b-c__d.e/web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("[::1]:5000/web:1")]
    [InlineData("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void EveryFormOfAnImagesName_IsTaken(string image) =>
        Assert.Equal(image, Reading.OnlyService($"services:\n  web:\n    image: \"{image}\"\n").Container.Image);

    [Theory]
    [InlineData("SIGUSR1")]
    [InlineData("term")]
    [InlineData("SIGRTMIN+3")]
    [InlineData("15")]
    public void EveryFormOfASignal_IsTaken(string signal) =>
        Assert.Equal(signal, Reading.OnlyService(Reading.Service($"stop_signal: {signal}")).Container.StopSignal);

    [Fact]
    public void VariablesThatAreOnlyNamed_AreAskedForToo()
    {
        var asked = ComposeFiles.VariableNames("""
            x-env: &env { FROM_ANCHOR: , SET: 1 }
            services:
              web:
                image: web:${TAG}
                environment: *env
              db:
                image: db
                environment: [LISTED, "QUOTED", GIVEN=1]
            """);
        Assert.Equal(["FROM_ANCHOR", "LISTED", "QUOTED", "TAG"], asked.Order());
    }

    [Fact]
    public void ATagThatSaysText_MakesItText() =>
        Assert.Equal("null", Reading.OnlyService(Reading.Service("hostname: !!str null")).Container.Hostname);

    [Fact]
    public void Placement_IsReadWhole()
    {
        var service = Reading.OnlyService(Reading.Service(
            "platform: linux/arm64/v8",
            "deploy:",
            "  mode: global",
            "  placement:",
            "    constraints: [node.labels.zone==b, \"node.labels.size > 4\"]",
            "    preferences: [{ spread: node.labels.zone }]",
            "    max_replicas_per_node: 2",
            "  resources:",
            "    limits: { pids: 50 }",
            "    reservations:",
            "      generic_resources: [{ discrete_resource_spec: { kind: ssd, value: 3 } }]",
            "      devices: [{ driver: nvidia, capabilities: [gpu], device_ids: [GPU-1, GPU-2] }]",
            "x-orchestrator:",
            "  pool: big",
            "  strategy: binpack",
            "  priority: 80",
            "  preemption: lower",
            "  platforms: [linux/amd64]",
            "  constraints: [\"node.labels.rack in (1, 2)\"]",
            "  preferences: [{ spread: node.labels.rack, max_skew: 2, hard: true }]",
            "  affinities: [{ constraint: node.labels.disk==ssd, weight: -50 }]",
            "  service_affinities: [{ service: web, topology: node.labels.zone, weight: -100, hard: true }, { service: blog/db, weight: 30 }]",
            "  tolerations: [{ key: gpu, value: yes, effect: NoExecute, seconds: 30 }]"));
        Assert.Equal((ServiceMode.Global, 80, PreemptionMode.Lower, 50L), (service.Mode, service.Priority, service.Preemption, service.Resources.LimitPids));
        Assert.Equal(3, service.Resources.Generic["ssd"]);
        var device = Assert.Single(service.Resources.Devices);
        Assert.Equal(("gpu", "nvidia", 2), (device.Kind, device.Driver, device.Count));
        Assert.Equal(["GPU-1", "GPU-2"], device.Ids);
        var placement = service.Placement!;
        Assert.Equal(["node.labels.zone==b", "node.labels.size > 4", "node.labels.rack in (1, 2)"], placement.Constraints);
        Assert.Equal([new PreferenceSpec { Attribute = "node.labels.zone" }, new PreferenceSpec { Attribute = "node.labels.rack", MaxSkew = 2, Hard = true }], placement.Preferences);
        Assert.Equal((2, "big", PlacementStrategy.Binpack), (placement.MaxReplicasPerNode!.Value, placement.Pool, placement.Strategy!.Value));
        Assert.Equal(["linux/arm64", "linux/amd64"], placement.Platforms.Select(platform => $"{platform.Os}/{platform.Architecture}"));
        Assert.Equal([new AffinitySpec { Constraint = "node.labels.disk==ssd", Weight = -50 }], placement.Affinities);
        Assert.Equal([new ServiceAffinitySpec { Service = "web", Topology = "node.labels.zone", Weight = -100, Hard = true }, new ServiceAffinitySpec { Service = "blog/db", Weight = 30 }], placement.ServiceAffinities);
        Assert.Equal([new TolerationSpec { Key = "gpu", Value = "yes", Effect = TaintEffect.NoExecute, Seconds = 30 }], placement.Tolerations);
    }

    [Theory]
    [InlineData("{ capabilities: [gpu], count: all }", -1)]
    [InlineData("{ capabilities: [gpu] }", -1)]
    [InlineData("{ capabilities: [gpu], count: 2 }", 2)]
    public void Devices_AreAll_WhereNoNumberIsSaid(string written, int count) => Assert.Equal(
        ("gpu", count, 0),
        Assert.Single(Reading.OnlyService(Reading.Service($"deploy: {{ resources: {{ reservations: {{ devices: [{written}] }} }} }}")).Resources.Devices) is var device ? (device.Kind, device.Count, device.Ids.Count) : default);

    [Theory]
    [InlineData("{ lost_after: 30s, stop_on_client_after: 20s, reconcile: keep_original }", 30.0, false, 20.0, ReconcileChoice.KeepOriginal)]
    [InlineData("{ lost_after: never }", null, true, null, ReconcileChoice.Best)]
    public void Disconnect(string written, double? lost, bool never, double? stop, ReconcileChoice choice)
    {
        var result = Reading.Read(Reading.Service($"x-orchestrator: {{ disconnect: {written} }}"));
        Assert.Empty(result.Warnings);
        Assert.Equal(new DisconnectSpec { LostAfterSeconds = lost, NeverLost = never, StopOnClientAfterSeconds = stop, Reconcile = choice }, result.Spec!.Services[0].Disconnect);
    }

    [Fact]
    public void Disconnect_ThatLetsTwoRunSideBySide_IsWarnedOf() =>
        Assert.Contains("may run beside its replacement for 60 s", Assert.Single(Reading.Read(Reading.Service("x-orchestrator: { disconnect: { stop_on_client_after: 1m } }")).Warnings).Text, StringComparison.Ordinal);

    [Fact]
    public void Probes_HaveKubernetesDefaults_AndEachKindIsRead()
    {
        var probes = Reading.OnlyService(Reading.Service(
            "x-orchestrator:",
            "  probes:",
            "    startup: { exec: test -e '/tmp/a b', period: 10s, failure_threshold: 30 }",
            "    readiness: { http: { port: 8080, path: /ready, scheme: https, headers: { X-Who: me } }, initial_delay: 2s, timeout: 500ms, success_threshold: 2 }",
            "    liveness: { grpc: { port: 9000, service: shop.Cart } }")).Probes!;
        Assert.Equal(["test", "-e", "/tmp/a b"], probes.Startup!.Exec!.Command);
        Assert.Equal((0.0, 10.0, 1.0, 1, 30), (probes.Startup.InitialDelaySeconds, probes.Startup.PeriodSeconds, probes.Startup.TimeoutSeconds, probes.Startup.SuccessThreshold, probes.Startup.FailureThreshold));
        var http = probes.Readiness!.Http!;
        Assert.Equal((8080, "/ready", "https", "me"), (http.Port, http.Path, http.Scheme, http.Headers["X-Who"]));
        Assert.Equal((2.0, 10.0, 0.5, 2, 3), (probes.Readiness.InitialDelaySeconds, probes.Readiness.PeriodSeconds, probes.Readiness.TimeoutSeconds, probes.Readiness.SuccessThreshold, probes.Readiness.FailureThreshold));
        Assert.Equal(new GrpcProbeSpec { Port = 9000, Service = "shop.Cart" }, probes.Liveness!.Grpc);
        Assert.Equal(8080, Reading.OnlyService(Reading.Service("x-orchestrator: { probes: { liveness: { tcp: { port: 8080 } } } }")).Probes!.Liveness!.Tcp!.Port);
    }

    [Fact]
    public void WhatAnApplicationPostsItself_IsReadAsAProbe()
    {
        var probes = Reading.OnlyService(Reading.Service(
            "x-orchestrator:",
            "  probes:",
            "    readiness: { posted: {}, initial_delay: 5s }",
            "    liveness: { posted: { max_age: 1m } }")).Probes!;
        Assert.Equal((30.0, 5.0, 60.0), (probes.Readiness!.Posted!.MaxAgeSeconds, probes.Readiness.InitialDelaySeconds, probes.Liveness!.Posted!.MaxAgeSeconds));
    }
}
