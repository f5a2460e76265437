using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads the top-level <c>volumes</c>, and those of a service, short and long.</summary>
internal static class VolumeReader
{
    private static readonly Dictionary<string, MountType> Types = new()
    {
        ["volume"] = MountType.Volume,
        ["bind"] = MountType.Bind,
        ["tmpfs"] = MountType.Tmpfs,
    };

    public static IReadOnlyDictionary<string, VolumeSpec> ReadAll(MapReader root)
    {
        var volumes = new Dictionary<string, VolumeSpec>();
        foreach (var (name, node) in root.OpenMap("volumes")?.Entries ?? [])
        {
            volumes[name.Value] = node is YamlScalar { IsNull: true } ? new VolumeSpec() : One(root.Messages, node, $"volumes.{name.Value}") ?? new VolumeSpec();
        }

        return volumes;
    }

    public static IReadOnlyList<MountSpec> ReadMounts(MapReader service, IReadOnlyDictionary<string, VolumeSpec> volumes)
    {
        if (service.Find("volumes") is not { } node)
        {
            return [];
        }

        var key = service.PathOf("volumes");
        if (node is not YamlList list)
        {
            service.Messages.Error(node, key, $"{node.Kind} cannot be here; write a list of volumes");
            return [];
        }

        var mounts = list.Items
            .Select((item, i) => (Item: item, Mount: item is YamlMap ? Long(service.Messages, item, $"{key}[{i}]", volumes) : Short(service.Messages, item, $"{key}[{i}]", volumes)))
            .ToList();
        foreach (var twice in mounts.Where(pair => pair.Mount is not null).GroupBy(pair => pair.Mount!.Target).Where(group => group.Count() > 1))
        {
            service.Messages.Error(twice.Last().Item, key, $"{twice.Key} is mounted twice; keep one");
        }

        return [.. mounts.Select(pair => pair.Mount).OfType<MountSpec>()];
    }

    private static VolumeSpec? One(Messages messages, YamlNode node, string key)
    {
        if (MapReader.Open(messages, node, key) is not { } map)
        {
            return null;
        }

        var spec = new VolumeSpec
        {
            External = map.Read<bool>("external", messages.Boolean) ?? false,
            EngineName = map.ReadObject("name", messages.Text),
            Driver = map.ReadObject("driver", messages.Text),
            DriverOptions = LabelReader.Read(map, "driver_opts"),
            Labels = LabelReader.Read(map),
        };
        if (spec is { External: true } and ({ Driver: not null } or { DriverOptions.Count: > 0 } or { Labels.Count: > 0 }))
        {
            messages.Error(node, key, "it is external, so driver, driver_opts and labels are somebody else's; remove them, or external");
        }

        map.Finish();
        return spec;
    }

    private static MountSpec? Long(Messages messages, YamlNode node, string key, IReadOnlyDictionary<string, VolumeSpec> volumes)
    {
        var map = MapReader.Open(messages, node, key)!;
        var type = map.Read<MountType>("type", (value, path) => messages.Word(value, path, Types));
        var source = map.ReadObject("source", messages.Text);
        var target = map.ReadObject("target", messages.Text);
        var readOnly = map.Read<bool>("read_only", messages.Boolean) ?? false;
        if (map.Find("type") is null || map.Find("target") is null)
        {
            messages.Error(node, key, "type and target are needed; write type: volume, bind or tmpfs, and target: a path");
        }

        map.Finish(KnownKeys.Mount);
        return type is null || target is null ? null : Checked(messages, node, key, new MountSpec { Type = type.Value, Source = source ?? "", Target = target, ReadOnly = readOnly }, volumes);
    }

    /// <summary><c>[source:]target[:options]</c></summary>
    private static MountSpec? Short(Messages messages, YamlNode node, string key, IReadOnlyDictionary<string, VolumeSpec> volumes)
    {
        if (messages.Text(node, key) is not { } text)
        {
            return null;
        }

        var parts = text.Split(':');
        if (parts.Length > 3 || parts.Any(part => part.Length == 0))
        {
            messages.Error(node, key, $"'{text}' is no volume; write name:/path, /node/path:/path or either with :ro");
            return null;
        }

        var options = parts.Length == 3 ? parts[2].Split(',') : [];
        foreach (var option in options.Where(option => option is not ("ro" or "rw")))
        {
            messages.Warn(node, key, $"option '{option}' is not supported and has no effect");
        }

        var source = parts.Length == 1 ? "" : parts[0];
        var type = source.Length > 0 && (source[0] is '/' or '.' or '~') ? MountType.Bind : MountType.Volume;
        return Checked(messages, node, key, new MountSpec { Type = type, Source = source, Target = parts.Length == 1 ? parts[0] : parts[1], ReadOnly = options.Contains("ro") }, volumes);
    }

    private static MountSpec? Checked(Messages messages, YamlNode node, string key, MountSpec mount, IReadOnlyDictionary<string, VolumeSpec> volumes)
    {
        if (!mount.Target.StartsWith('/'))
        {
            messages.Error(node, key, $"'{mount.Target}' is no absolute path in the container; begin it with /");
            return null;
        }

        if (mount.Type == MountType.Bind && !mount.Source.StartsWith('/'))
        {
            messages.Error(node, key, $"'{mount.Source}' is relative, and tasks run on any node; write an absolute path that is there on every node");
            return null;
        }

        if (mount.Type == MountType.Tmpfs && mount.Source.Length > 0)
        {
            messages.Error(node, key, "a tmpfs has no source; remove it");
            return null;
        }

        if (mount is { Type: MountType.Volume, Source.Length: > 0 })
        {
            if (!volumes.TryGetValue(mount.Source, out var volume))
            {
                messages.Error(node, key, $"there is no volume '{mount.Source}'; write it under the top-level volumes:, or {Suggestion.ForName(mount.Source, volumes.Keys)}");
                return null;
            }

            return mount with { Volume = volume };
        }

        return mount;
    }
}
