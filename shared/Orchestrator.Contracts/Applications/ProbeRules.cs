namespace Orchestrator.Contracts;

/// <summary>Says all that is wrong with a service's probes, and what costs more than it seems.</summary>
public static class ProbeRules
{
    /// <summary>What one exec costs, measured on Docker Engine 20.10.</summary>
    private const double ExecCpuSeconds = 0.15;
    private const double ShortExecPeriod = 5;
    private const double MinSeconds = 0.1;
    private const double MinAge = 1;
    private const double MaxSeconds = 86_400;
    private const int MaxPort = 65_535;
    private const int MaxThreshold = 1_000;
    private const int MaxServiceName = 100;

    public static IReadOnlyList<PolicyRemark> Check(ServiceSpec spec) =>
    [
        .. Check("probes.startup", spec.Probes?.Startup, mustSucceedOnce: true),
        .. Check("probes.readiness", spec.Probes?.Readiness, mustSucceedOnce: false),
        .. Check("probes.liveness", spec.Probes?.Liveness, mustSucceedOnce: true),
    ];

    private static IEnumerable<PolicyRemark> Check(string path, ProbeSpec? probe, bool mustSucceedOnce) =>
        probe is null ? [] : [.. Question(path, probe), .. Times(path, probe, mustSucceedOnce)];

    private static IEnumerable<PolicyRemark> Question(string path, ProbeSpec probe)
    {
        var kinds = ((object?[])[probe.Http, probe.Tcp, probe.Exec, probe.Grpc, probe.Posted]).Count(kind => kind is not null);
        if (kinds != 1)
        {
            yield return Error(path, kinds == 0 ? "it asks nothing; write one of http, tcp, exec, grpc and posted" : "it asks several things; write one of http, tcp, exec, grpc and posted");
        }

        foreach (var remark in Port($"{path}.http", probe.Http?.Port).Concat(Port($"{path}.tcp", probe.Tcp?.Port)).Concat(Port($"{path}.grpc", probe.Grpc?.Port)))
        {
            yield return remark;
        }

        if (probe.Http is { } http && !http.Path.StartsWith('/'))
        {
            yield return Error($"{path}.http.path", $"'{http.Path}' is no path; begin it with /");
        }

        if (probe.Http is { Scheme: not ("http" or "https") } other)
        {
            yield return Error($"{path}.http.scheme", $"'{other.Scheme}' cannot be here; write http or https");
        }

        if (probe.Http?.Headers.Where(header => header.Key.Length == 0 || header.Key.Any(c => c is <= ' ' or ':' or > '~') || header.Value.Any(char.IsControl)).Select(header => header.Key).ToList() is { Count: > 0 } bad)
        {
            yield return Error($"{path}.http.headers", $"'{bad[0]}' is no header, or its value has a control character in it");
        }

        if (probe.Posted is { } posted)
        {
            foreach (var remark in Posted(path, probe, posted))
            {
                yield return remark;
            }
        }

        if (probe.Grpc is { Service.Length: > MaxServiceName })
        {
            yield return Error($"{path}.grpc.service", $"it is longer than {MaxServiceName} characters");
        }

        if (probe.Exec is { } exec && (exec.Command.Count == 0 || exec.Command[0].Length == 0))
        {
            yield return Error($"{path}.exec", "there is no command; write a list of the program and its arguments");
        }
    }

    /// <summary>An application's own word counts at once, so there is nothing to count and no pace.</summary>
    private static IEnumerable<PolicyRemark> Posted(string path, ProbeSpec probe, PostedProbeSpec posted)
    {
        if (!(posted.MaxAgeSeconds >= MinAge && posted.MaxAgeSeconds <= MaxSeconds))
        {
            yield return Error($"{path}.posted.maxAgeSeconds", FormattableString.Invariant($"write {MinAge:0}s to {MaxSeconds:0}s"));
        }

        var standard = new ProbeSpec();
        foreach (var (name, isSet) in ((string, bool)[])
            [("periodSeconds", probe.PeriodSeconds != standard.PeriodSeconds), ("timeoutSeconds", probe.TimeoutSeconds != standard.TimeoutSeconds),
             ("failureThreshold", probe.FailureThreshold != standard.FailureThreshold), ("successThreshold", probe.SuccessThreshold != standard.SuccessThreshold)])
        {
            if (isSet)
            {
                yield return Error($"{path}.{name}", "it has no meaning with posted: what the application says counts at once; leave it out, and write posted: { max_age: 30s } for how long silence may last");
            }
        }
    }

    private static IEnumerable<PolicyRemark> Times(string path, ProbeSpec probe, bool mustSucceedOnce)
    {
        foreach (var (name, seconds, least) in ((string, double, double)[])
            [("initialDelaySeconds", probe.InitialDelaySeconds, 0), ("periodSeconds", probe.PeriodSeconds, MinSeconds), ("timeoutSeconds", probe.TimeoutSeconds, MinSeconds)])
        {
            if (!(seconds >= least && seconds <= MaxSeconds))
            {
                yield return Error($"{path}.{name}", FormattableString.Invariant($"write {least:0.#}s to {MaxSeconds:0}s"));
            }
        }

        if (probe.FailureThreshold is < 1 or > MaxThreshold)
        {
            yield return Error($"{path}.failureThreshold", $"write 1 to {MaxThreshold}");
        }

        if (probe.SuccessThreshold is < 1 or > MaxThreshold)
        {
            yield return Error($"{path}.successThreshold", $"write 1 to {MaxThreshold}");
        }
        else if (mustSucceedOnce && probe.SuccessThreshold != 1)
        {
            yield return Error($"{path}.successThreshold", "only readiness may need more than one success; leave it out");
        }

        if (probe is { Exec: not null, PeriodSeconds: >= MinSeconds and < ShortExecPeriod })
        {
            yield return new PolicyRemark(
                $"{path}.periodSeconds",
                FormattableString.Invariant($"each exec costs about {ExecCpuSeconds} s of CPU, which is {100 * ExecCpuSeconds / probe.PeriodSeconds:0.#} % of a core for each container; ask by http, tcp or grpc, or each 10s"),
                IsError: false);
        }
    }

    private static IEnumerable<PolicyRemark> Port(string path, int? port) =>
        port is null or (>= 1 and <= MaxPort) ? [] : [Error($"{path}.port", port == 0 ? $"it is missing; write the port in the container, 1 to {MaxPort}" : $"{port} is no port; write 1 to {MaxPort}")];

    private static PolicyRemark Error(string path, string text) => new(path, text, IsError: true);
}
