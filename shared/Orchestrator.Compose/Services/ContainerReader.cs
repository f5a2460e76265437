using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads what makes the container.</summary>
internal static class ContainerReader
{
    private static readonly Dictionary<string, PullPolicy> PullPolicies = new()
    {
        ["always"] = PullPolicy.Always,
        ["never"] = PullPolicy.Never,
        ["missing"] = PullPolicy.Missing,
        ["if_not_present"] = PullPolicy.Missing,
    };

    public static ContainerSpec Read(MapReader map, IReadOnlyDictionary<string, VolumeSpec> volumes)
    {
        var messages = map.Messages;
        return new ContainerSpec
        {
            Image = Image(map),
            PullPolicy = map.Read<PullPolicy>("pull_policy", (node, key) => messages.Word(node, key, PullPolicies)) ?? PullPolicy.Missing,
            Entrypoint = Words(map, "entrypoint"),
            Command = Words(map, "command"),
            Environment = EnvironmentReader.Read(map),
            Labels = LabelReader.Read(map),
            Hostname = Checked(map, "hostname", Patterns.IsHostname, "is no host name; write letters, digits, '-' and '.', at most 64"),
            User = map.ReadObject("user", messages.Text),
            WorkingDirectory = Checked(map, "working_dir", path => path.StartsWith('/'), "is no absolute path in the container; begin it with /"),
            StopSignal = Checked(map, "stop_signal", Patterns.IsSignal, "is no signal; write one such as SIGTERM, or its number"),
            StopGracePeriodSeconds = map.Read<double>("stop_grace_period", messages.Duration) ?? new ContainerSpec().StopGracePeriodSeconds,
            Init = map.Read<bool>("init", messages.Boolean) ?? false,
            ReadOnly = map.Read<bool>("read_only", messages.Boolean) ?? false,
            Healthcheck = HealthcheckReader.Read(map),
            Mounts = VolumeReader.ReadMounts(map, volumes),
        };
    }

    private static string Image(MapReader map)
    {
        var node = map.Find("image");
        var image = node is null ? null : map.Messages.Text(node, map.PathOf("image"));
        if (node is null || image is { Length: 0 })
        {
            map.Messages.Error(node ?? map.Node, map.PathOf("image"), map.Find("build") is null
                ? "it is missing; name an image"
                : "it is missing; images are not built here: build it, and name the image");
        }
        else if (image is not null && !Patterns.IsImage(image))
        {
            map.Messages.Error(node, map.PathOf("image"), $"'{image}' is no image; write name:tag or registry/name:tag, the name in lower case");
        }

        return image ?? "";
    }

    private static string? Checked(MapReader map, string name, Func<string, bool> isGood, string otherwise)
    {
        if (map.Find(name) is not { } node || map.Messages.Text(node, map.PathOf(name)) is not { } text)
        {
            return null;
        }

        if (!isGood(text))
        {
            map.Messages.Error(node, map.PathOf(name), $"'{text}' {otherwise}");
        }

        return text;
    }

    /// <summary>A list as it is; a text is split as a shell does. Nothing written means the image's.</summary>
    private static IReadOnlyList<string>? Words(MapReader map, string name)
    {
        if (map.Find(name) is not { } node)
        {
            return null;
        }

        var key = map.PathOf(name);
        if (node is YamlList)
        {
            return map.Messages.Texts(node, key);
        }

        if (node is YamlMap)
        {
            map.Messages.Error(node, key, $"{node.Kind} cannot be here; write a text or a list");
            return null;
        }

        var text = map.Messages.Text(node, key);
        var words = text is null ? null : ShellWords.Split(text);
        if (text is not null && words is null)
        {
            map.Messages.Error(node, key, "a quote is not closed; close it, or write a list");
        }

        return words;
    }
}
