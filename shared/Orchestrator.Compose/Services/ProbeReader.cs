using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads <c>x-orchestrator.probes</c>. What can be asked stands in <see cref="ProbeRules"/>; here only how it is written.</summary>
internal sealed class ProbeReader(Messages messages, Places places)
{
    public ProbesSpec? Result { get; private set; }

    /// <param name="extension">The map <c>x-orchestrator</c>.</param>
    public void Extension(MapReader extension)
    {
        if (extension.OpenMap("probes") is not { } map)
        {
            return;
        }

        Result = new ProbesSpec { Startup = Probe(map, "startup"), Readiness = Probe(map, "readiness"), Liveness = Probe(map, "liveness") };
        map.Finish();
    }

    private ProbeSpec? Probe(MapReader probes, string name)
    {
        if (probes.OpenMap(name) is not { } map)
        {
            return null;
        }

        var path = "probes." + name;
        places.Put(path, map.Node, map.Key);
        var standard = new ProbeSpec();
        var probe = new ProbeSpec
        {
            Http = Http(map, path),
            Tcp = Part(map, path, "tcp") is { } tcp ? Finished(tcp, new TcpProbeSpec { Port = Port(tcp, path + ".tcp") }) : null,
            Exec = Exec(map, path),
            Grpc = Grpc(map, path),
            Posted = Part(map, path, "posted") is { } posted
                ? Finished(posted, new PostedProbeSpec { MaxAgeSeconds = Seconds(posted, path + ".posted", "max_age", "maxAgeSeconds") ?? new PostedProbeSpec().MaxAgeSeconds })
                : null,
            InitialDelaySeconds = Seconds(map, path, "initial_delay", "initialDelaySeconds") ?? standard.InitialDelaySeconds,
            PeriodSeconds = Seconds(map, path, "period", "periodSeconds") ?? standard.PeriodSeconds,
            TimeoutSeconds = Seconds(map, path, "timeout", "timeoutSeconds") ?? standard.TimeoutSeconds,
            SuccessThreshold = Number(map, path, "success_threshold", "successThreshold") ?? standard.SuccessThreshold,
            FailureThreshold = Number(map, path, "failure_threshold", "failureThreshold") ?? standard.FailureThreshold,
        };
        map.Finish();
        return probe;
    }

    private HttpProbeSpec? Http(MapReader probe, string path)
    {
        if (Part(probe, path, "http") is not { } map)
        {
            return null;
        }

        path += ".http";
        var standard = new HttpProbeSpec();
        return Finished(map, new HttpProbeSpec
        {
            Port = Port(map, path),
            Path = Text(map, path, "path") ?? standard.Path,
            Scheme = Text(map, path, "scheme") ?? standard.Scheme,
            Headers = Headers(map, path),
        });
    }

    private Dictionary<string, string> Headers(MapReader http, string path)
    {
        if (http.OpenMap("headers") is not { } map)
        {
            return [];
        }

        places.Put(path + ".headers", map.Node, map.Key);
        return map.Entries.GroupBy(entry => entry.Key.Value, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(header => header.Key, header => messages.Text(header.Last().Value, map.PathOf(header.Key)) ?? "");
    }

    private GrpcProbeSpec? Grpc(MapReader probe, string path) => Part(probe, path, "grpc") is { } map
        ? Finished(map, new GrpcProbeSpec { Port = Port(map, path + ".grpc"), Service = Text(map, path + ".grpc", "service") ?? "" })
        : null;

    /// <summary>A list is the command, a text is split as a shell does, and a map may name it.</summary>
    private ExecProbeSpec? Exec(MapReader probe, string path)
    {
        if (probe.Find("exec") is not { } node)
        {
            return null;
        }

        places.Put(path + ".exec", node, probe.PathOf("exec"));
        if (node is not YamlMap)
        {
            return new ExecProbeSpec { Command = Words(node, probe.PathOf("exec")) };
        }

        return MapReader.Open(messages, node, probe.PathOf("exec")) is { } map
            ? Finished(map, new ExecProbeSpec { Command = map.ReadObject("command", (command, key) => Words(command, key)) ?? [] })
            : null;
    }

    private IReadOnlyList<string> Words(YamlNode node, string key)
    {
        if (node is YamlList)
        {
            return messages.Texts(node, key) ?? Unreadable;
        }

        var text = messages.Text(node, key);
        var words = text is null ? null : ShellWords.Split(text);
        if (text is not null && words is null)
        {
            messages.Error(node, key, "a quote is not closed; close it, or write a list");
        }

        return words ?? Unreadable;
    }

    /// <summary>Its fault is told; that there is no command would be another.</summary>
    private static readonly IReadOnlyList<string> Unreadable = ["?"];

    private MapReader? Part(MapReader probe, string path, string name)
    {
        var map = probe.OpenMap(name);
        if (map is not null)
        {
            places.Put($"{path}.{name}", map.Node, map.Key);
        }

        return map;
    }

    private int Port(MapReader map, string path) => map.Read<int>("port", (node, key) =>
    {
        places.Put(path + ".port", node, key);
        return messages.Integer(node, key, int.MinValue, int.MaxValue);
    }) ?? 0;

    private string? Text(MapReader map, string path, string name) => map.ReadObject(name, (node, key) =>
    {
        places.Put($"{path}.{name}", node, key);
        return messages.Text(node, key);
    });

    private double? Seconds(MapReader map, string path, string name, string member) => map.Read<double>(name, (node, key) =>
    {
        places.Put($"{path}.{member}", node, key);
        return messages.Duration(node, key);
    });

    private int? Number(MapReader map, string path, string name, string member) => map.Read<int>(name, (node, key) =>
    {
        places.Put($"{path}.{member}", node, key);
        return messages.Integer(node, key, int.MinValue, int.MaxValue);
    });

    private static T Finished<T>(MapReader map, T result)
    {
        map.Finish();
        return result;
    }
}
