using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>Each key of a Compose file takes effect: shown by what the engine and the API say of one deployed file.</summary>
public abstract class ComposeKeys(ComposeKeys.Deployed deployed)
{
    private static readonly HttpClient Http = new();

    private JsonElement Full => deployed.Container("full");

    private JsonElement Short => deployed.Container("short");

    [Fact]
    public void Image() => Assert.Equal("orch-test:1", Full.At("Config").Text("Image"));

    [Fact]
    public void Command_AsAList_IsTakenAsItIs() =>
        Assert.Equal(["-c", "trap 'exit 0' TERM; busybox httpd -p 8080 -h / ; while :; do busybox sleep 1 & wait $!; done"], Texts(Full.At("Config", "Cmd")));

    [Fact]
    public void Command_AsAText_IsSplitAsAShellDoes() => Assert.Equal(["sh", "-c", "while :; do busybox sleep 1; done"], Texts(Short.At("Config", "Cmd")));

    [Fact]
    public void Entrypoint()
    {
        Assert.Equal(["/bin/busybox", "sh"], Texts(Full.At("Config", "Entrypoint")));
        Assert.Equal(["/bin/busybox"], Texts(Short.At("Config", "Entrypoint")));
    }

    [Theory]
    [InlineData("full", "FROM_MAP=a b")]
    [InlineData("full", "NUMBER=3")]
    [InlineData("full", "FROM_FILE=file")]
    [InlineData("full", "BOTH=map wins")]
    [InlineData("full", "DEFAULTED=fallback")]
    [InlineData("full", "GIVEN=from the sender")]
    [InlineData("full", "PASSED_ON=from the sender")]
    [InlineData("full", "DOLLAR=$HOME")]
    [InlineData("full", "MERGED=by anchor")]
    [InlineData("short", "FROM_LIST=a=b")]
    [InlineData("short", "FROM_FILE=file")]
    public void Environment_EnvFile_Interpolation_AndMergeKeys(string service, string variable) =>
        Assert.Contains(variable, Texts(deployed.Container(service).At("Config", "Env")));

    [Fact]
    public void Labels()
    {
        Assert.Equal("map", Full.At("Config", "Labels").Text("com.example.kind"));
        Assert.Equal("list", Short.At("Config", "Labels").Text("com.example.kind"));
    }

    [Fact]
    public void Hostname_User_WorkingDir()
    {
        Assert.Equal("front", Full.At("Config").Text("Hostname"));
        Assert.Equal("1000:1000", Full.At("Config").Text("User"));
        Assert.Equal("/tmp", Full.At("Config").Text("WorkingDir"));
    }

    [Fact]
    public void StopSignal_AndStopGracePeriod()
    {
        Assert.Equal("SIGTERM", Full.At("Config").Text("StopSignal"));
        Assert.Equal("3", Full.At("Config").Text("StopTimeout"));
    }

    [Fact]
    public void Init_AndReadOnly()
    {
        Assert.Equal("true", Full.At("HostConfig").Text("Init"));
        Assert.Equal("true", Full.At("HostConfig").Text("ReadonlyRootfs"));
        Assert.Equal("false", Short.At("HostConfig").Text("ReadonlyRootfs"));
    }

    [Fact]
    public void Healthcheck_AllItsKeys()
    {
        var check = Full.At("Config", "Healthcheck");
        Assert.Equal(["CMD", "/bin/busybox", "true"], Texts(check.At("Test")));
        Assert.Equal("1000000000", check.Text("Interval"));
        Assert.Equal("2000000000", check.Text("Timeout"));
        Assert.Equal("4", check.Text("Retries"));
        Assert.Equal("5000000000", check.Text("StartPeriod"));

        // Engines before 25 know no start interval: it is asked of the spec, which they are given.
        Assert.Equal("0.5", deployed.Service("full").At("spec", "container", "healthcheck").Text("startIntervalSeconds"));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("nohealth")]
    public void Healthcheck_None_AndDisable(string service) => Assert.Equal(["NONE"], Texts(deployed.Container(service).At("Config", "Healthcheck", "Test")));

    [Fact]
    public async Task Ports_ShortAndLong_OfModeIngress_AreAnsweredOnTheNode()
    {
        foreach (var port in deployed.IngressPorts)
        {
            using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
            Assert.True((int)answer.StatusCode is 200 or 403 or 404, $"port {port}: {answer.StatusCode}");
        }

        Assert.Empty(Full.At("HostConfig", "PortBindings").EnumerateObject());
    }

    [Fact]
    public void Ports_OfModeHost_AreBoundByTheEngine()
    {
        var binding = deployed.Container("short").At("HostConfig", "PortBindings", "8080/tcp")[0];
        Assert.Equal(deployed.HostPort, binding.Text("HostPort"));
        Assert.Equal("127.0.0.1", binding.Text("HostIp"));
        Assert.True(deployed.Container("short").At("HostConfig", "PortBindings").TryGetProperty("5353/udp", out _));
    }

    [Fact]
    public void Ports_AreToldOfTheTask()
    {
        var ports = deployed.Task("full").At("ports").EnumerateArray().Select(port => $"{port.Text("published")}:{port.Text("target")}:{port.Text("mode")}");
        Assert.Equal(deployed.IngressPorts.Select(port => $"{port}:8080:Ingress").Order(), ports.Order());
    }

    [Theory]
    [InlineData("/data", "volume", true)]
    [InlineData("/long", "volume", false)]
    [InlineData("/host", "bind", false)]
    [InlineData("/hostlong", "bind", false)]
    public void Volumes_NamedAndBind_ShortAndLong(string target, string type, bool writable)
    {
        var mount = Full.At("Mounts").EnumerateArray().Single(mount => mount.Text("Destination") == target);
        Assert.Equal(type, mount.Text("Type"));
        Assert.Equal(writable, mount.GetProperty("RW").GetBoolean());
        if (type == "volume")
        {
            Assert.Contains("keys_store", mount.Text("Name"), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("/etc", mount.Text("Source"));
        }
    }

    [Fact]
    public void DeployResources_Limits()
    {
        Assert.Equal("500000000", Full.At("HostConfig").Text("NanoCpus"));
        Assert.Equal($"{64 * 1024 * 1024}", Full.At("HostConfig").Text("Memory"));
        Assert.Equal("50", Full.At("HostConfig").Text("PidsLimit"));
    }

    [Fact]
    public void DeployResources_Reservations_AreSetAsideOnTheNode()
    {
        Assert.Equal($"{16 * 1024 * 1024}", Full.At("HostConfig").Text("MemoryReservation"));
        var resources = deployed.Service("full").At("spec", "resources");
        Assert.Equal("0.05", resources.Text("reservedCpus"));

        // Two tasks of it, and two of services that say nothing: 0.01 CPUs and 16 MiB each.
        Assert.Equal("0.12", deployed.Node.Text("reservedCpus"));
        Assert.Equal($"{64 * 1024 * 1024}", deployed.Node.Text("reservedMemoryBytes"));
    }

    [Fact]
    public void DeployReplicas_Mode_AndLabels()
    {
        var service = deployed.Service("full");
        Assert.Equal("2", service.Text("desired"));
        Assert.Equal("Replicated", service.Text("mode"));
        Assert.Equal("gold", service.At("labels").Text("tier"));
    }

    [Fact]
    public void DeployRestartPolicy_AndRestart()
    {
        var policy = deployed.Service("full").At("spec", "restart");
        Assert.Equal("OnFailure", policy.Text("condition"));
        Assert.Equal("2", policy.Text("delaySeconds"));
        Assert.Equal("7", policy.Text("maxAttempts"));
        Assert.Equal("60", policy.Text("windowSeconds"));
        Assert.Equal("OnFailure", deployed.Service("short").At("spec", "restart").Text("condition"));
        Assert.Equal("3", deployed.Service("short").At("spec", "restart").Text("maxAttempts"));

        // The orchestrator restarts, not the engine: the engine's own way would hide it.
        Assert.Equal("no", Full.At("HostConfig", "RestartPolicy").Text("Name"));
    }

    [Fact]
    public void DeployUpdateConfig_AndPlacement_AreApplied()
    {
        var spec = deployed.Service("full").At("spec");
        Assert.Equal("2", spec.At("update").Text("parallelism"));
        Assert.Equal("StartFirst", spec.At("update").Text("order"));
        Assert.Equal(["node.labels.zone!=b"], Texts(spec.At("placement", "constraints")));
        Assert.DoesNotContain(deployed.Warnings, warning => warning.Contains("not applied", StringComparison.Ordinal) || warning.Contains("deploy.placement", StringComparison.Ordinal));
    }

    [Fact]
    public void AKeyWithoutEffect_IsAWarning_WithItsPlace() =>
        Assert.Contains(deployed.Warnings, warning => warning.Contains("compose.yaml:", StringComparison.Ordinal) && warning.Contains("services.full.cap_add", StringComparison.Ordinal));

    [Fact]
    public void DependsOn_OrdersTheFirstStart()
    {
        var first = DateTimeOffset.Parse(Full.At("State").Text("StartedAt"), System.Globalization.CultureInfo.InvariantCulture);
        var second = DateTimeOffset.Parse(deployed.Container("nohealth").At("State").Text("StartedAt"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(second > first);
        Assert.Equal("ServiceHealthy", deployed.Service("nohealth").At("dependsOn")[0].Text("condition"));
    }

    [Fact]
    public void PullPolicy() => Assert.Equal("Never", deployed.Service("full").At("spec", "container").Text("pullPolicy"));

    [Fact]
    public async Task ServicesOfAnApplication_ReachEachOtherByName()
    {
        var page = await Engine.RunAsync("exec", deployed.Task("nohealth").Text("containerId"), "/bin/busybox", "wget", "-q", "-O", "-", "http://full:8080/etc/hostname");
        Assert.NotEmpty(page);
    }

    private static IEnumerable<string> Texts(JsonElement list) => list.EnumerateArray().Select(item => item.GetString()!);

    /// <summary>One file with every key, deployed on an installation of its own.</summary>
    /// <param name="missingAsync">What this machine lacks for it; null when it lacks nothing.</param>
    /// <param name="startAsync">Starts it.</param>
    public abstract class Deployed(Func<Task<string?>> missingAsync, Func<Task<IInstallation>> startAsync) : IAsyncLifetime
    {
        private readonly Dictionary<string, JsonElement> _containers = [];
        private readonly Dictionary<string, JsonElement> _services = [];
        private readonly Dictionary<string, JsonElement> _tasks = [];
        private IInstallation? _node;
        private string? _missing;

        public IReadOnlyList<int> IngressPorts { get; } = [SingleNode.FreePort(), SingleNode.FreePort()];

        public string HostPort { get; } = $"{SingleNode.FreePort()}";

        public IReadOnlyList<string> Warnings { get; private set; } = [];

        public JsonElement Node { get; private set; }

        public JsonElement Container(string service) => Known(_containers, service);

        public JsonElement Service(string service) => Known(_services, service);

        public JsonElement Task(string service) => Known(_tasks, service);

        public async ValueTask InitializeAsync()
        {
            _missing = await missingAsync();
            if (_missing is not null)
            {
                return;
            }

            await Engine.ImageAsync(1);
            _node = await startAsync();
            var answer = await _node.Api.DeployAsync("keys", File(), new Dictionary<string, string> { ["app.env"] = "FROM_FILE=file\nBOTH=file\n" },
                new Dictionary<string, string> { ["GIVEN"] = "from the sender", ["PASSED_ON"] = "from the sender" });
            Warnings = [.. answer.At("warnings").EnumerateArray().Select(warning => warning.GetString()!)];
            foreach (var (service, count) in new[] { ("full", 2), ("short", 1), ("nohealth", 1) })
            {
                _tasks[service] = (await _node.Api.RunningAsync("keys", service, count))[0];
                await _node.Api.ConvergedAsync("keys", service);
                _services[service] = await _node.Api.GetAsync("services/keys/" + service);
                _containers[service] = await Engine.InspectAsync(_tasks[service].Text("containerId"));
            }

            Node = (await _node.Api.ListAsync("nodes"))[0];
        }

        public async ValueTask DisposeAsync()
        {
            if (_node is not null)
            {
                await _node.DisposeAsync();
            }

            GC.SuppressFinalize(this);
        }

        private JsonElement Known(Dictionary<string, JsonElement> values, string service)
        {
            Assert.SkipUnless(_missing is null, _missing ?? "");
            return values[service];
        }

        private string File() => $$"""
            x-common: &common
              MERGED: by anchor
              NUMBER: 1
            services:
              full:
                image: ${IMAGE:-orch-test:1}
                pull_policy: never
                entrypoint: ["/bin/busybox", "sh"]
                command: ["-c", "trap 'exit 0' TERM; busybox httpd -p 8080 -h / ; while :; do busybox sleep 1 & wait $$!; done"]
                environment:
                  <<: *common
                  NUMBER: 3
                  FROM_MAP: a b
                  BOTH: map wins
                  DEFAULTED: ${NOT_GIVEN:-fallback}
                  GIVEN: ${GIVEN}
                  PASSED_ON:
                  DOLLAR: $$HOME
                env_file: app.env
                ports:
                  - "127.0.0.1:{{IngressPorts[0]}}:8080"
                  - { target: 8080, published: "{{IngressPorts[1]}}", host_ip: 127.0.0.1, mode: ingress }
                volumes:
                  - store:/data
                  - { type: volume, source: store, target: /long, read_only: true }
                  - /etc:/host:ro
                  - { type: bind, source: /etc, target: /hostlong, read_only: true }
                healthcheck:
                  test: ["CMD", "/bin/busybox", "true"]
                  interval: 1s
                  timeout: 2s
                  retries: 4
                  start_period: 5s
                  start_interval: 500ms
                labels: { com.example.kind: map }
                hostname: front
                user: "1000:1000"
                working_dir: /tmp
                stop_signal: SIGTERM
                stop_grace_period: 3s
                init: true
                read_only: true
                cap_add: [NET_RAW]
                deploy:
                  mode: replicated
                  replicas: 2
                  labels: { tier: gold }
                  resources:
                    limits: { cpus: "0.5", memory: 64m, pids: 50 }
                    reservations: { cpus: "0.05", memory: 16m }
                  restart_policy: { condition: on-failure, delay: 2s, max_attempts: 7, window: 1m }
                  update_config: { parallelism: 2, order: start-first }
                  placement: { constraints: ["node.labels.zone!=b"] }
              short:
                image: orch-test:1
                pull_policy: never
                entrypoint: /bin/busybox
                command: sh -c 'while :; do busybox sleep 1; done'
                environment: ["FROM_LIST=a=b"]
                env_file: [app.env]
                labels: ["com.example.kind=list"]
                stop_grace_period: 1s
                restart: on-failure:3
                healthcheck: { test: ["NONE"] }
                ports:
                  - { target: 8080, published: {{HostPort}}, host_ip: 127.0.0.1, mode: host }
                  - { target: 5353, protocol: udp, mode: host }
              nohealth:
                image: orch-test:1
                pull_policy: never
                command: ["-c", "trap 'exit 0' TERM; while :; do busybox sleep 1 & wait $$!; done"]
                healthcheck: { disable: true }
                stop_grace_period: 1s
                depends_on: { full: { condition: service_healthy } }
            volumes:
              store: {}
            """;
    }
}
