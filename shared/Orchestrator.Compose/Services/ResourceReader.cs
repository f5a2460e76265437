using System.Globalization;
using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads <c>deploy.resources</c>.</summary>
internal static class ResourceReader
{
    private const double MaxCpus = 100_000;
    private const long LeastMemory = 6 * 1024 * 1024;
    private const int MaxDevices = 100;

    public static ResourceSpec Read(MapReader deploy, Places places)
    {
        if (deploy.OpenMap("resources") is not { } map)
        {
            return new ResourceSpec();
        }

        var messages = map.Messages;
        var limits = map.OpenMap("limits");
        var reservations = map.OpenMap("reservations");
        var spec = new ResourceSpec
        {
            LimitCpus = limits?.Read<double>("cpus", (node, key) => messages.Number(node, key, 0.001, MaxCpus)),
            LimitMemoryBytes = limits?.Read<long>("memory", (node, key) => Memory(messages, node, key)),
            LimitPids = limits?.Read<int>("pids", (node, key) => messages.Integer(node, key, 1, int.MaxValue)),
            ReservedCpus = reservations?.Read<double>("cpus", (node, key) => messages.Number(node, key, 0, MaxCpus)),
            ReservedMemoryBytes = reservations?.Read<long>("memory", messages.Bytes),
            Generic = reservations?.ReadObject("generic_resources", (node, key) => Generic(messages, node, key, places)) ?? new Dictionary<string, long>(),
            Devices = reservations?.ReadObject("devices", (node, key) => Devices(messages, node, key, places)) ?? [],
        };
        if (spec.ReservedCpus > spec.LimitCpus || spec.ReservedMemoryBytes > spec.LimitMemoryBytes)
        {
            messages.Error(reservations!.Node, reservations.Key, "more is reserved than the limit allows; raise the limit, or reserve less");
        }

        limits?.Finish();
        reservations?.Finish(KnownKeys.Resources);
        map.Finish();
        return spec;
    }

    private static long? Memory(Messages messages, YamlNode node, string key)
    {
        var bytes = messages.Bytes(node, key);
        if (bytes < LeastMemory)
        {
            messages.Error(node, key, "the engine needs at least 6m for a container; write 6m or more");
            return null;
        }

        return bytes;
    }

    private static Dictionary<string, long> Generic(Messages messages, YamlNode node, string key, Places places)
    {
        places.Put("resources.generic", node, key);
        var found = new Dictionary<string, long>();
        foreach (var item in Items(messages, node, key))
        {
            if (item.OpenMap("discrete_resource_spec") is { } discrete)
            {
                var kind = discrete.ReadObject("kind", messages.Text);
                var value = discrete.Read<int>("value", (valueNode, path) => messages.Integer(valueNode, path, 1, int.MaxValue));
                if (kind is null || discrete.Find("value") is null)
                {
                    messages.Error(discrete.Node, discrete.Key, "kind or value is missing; write both");
                }
                else if (!found.TryAdd(kind, value ?? 1))
                {
                    messages.Error(discrete.Node, discrete.Key, $"{kind} stands twice; write it once");
                }

                discrete.Finish();
            }
            else if (item.Entries.Count == 0)
            {
                messages.Error(item.Node, item.Key, "it names no resource; write discrete_resource_spec: { kind: NAME, value: NUMBER }");
            }

            item.Finish();
        }

        return found;
    }

    private static List<DeviceSpec> Devices(Messages messages, YamlNode node, string key, Places places)
    {
        var devices = new List<DeviceSpec>();
        foreach (var item in Items(messages, node, key))
        {
            places.Put($"resources.devices[{devices.Count}]", item.Node, item.Key);
            var kinds = item.ReadObject("capabilities", messages.Texts);
            if (item.Find("capabilities") is null || kinds is { Count: 0 })
            {
                messages.Error(item.Node, item.PathOf("capabilities"), "it is missing; write what the device must be able to do, such as [gpu]");
            }

            var ids = item.ReadObject("device_ids", messages.Texts) ?? [];
            var count = item.Read<int>("count", (value, path) => value is YamlScalar { Value: "all" } ? DeviceSpec.AllThereAre : Count(messages, value, path));
            if (ids.Count > 0 && item.Find("count") is { } both)
            {
                messages.Error(both, item.PathOf("count"), "device_ids are there too; keep one");
            }

            devices.Add(new DeviceSpec
            {
                Kind = kinds is { Count: > 0 } ? kinds[0] : "gpu",
                Driver = item.ReadObject("driver", messages.Text),
                Count = ids.Count > 0 ? ids.Count : count ?? DeviceSpec.AllThereAre,
                Ids = ids,
            });
            item.Finish(["options"]);
        }

        return devices;
    }

    private static int? Count(Messages messages, YamlNode node, string key) =>
        messages.Value(node, key, $"all, or a whole number from 1 to {MaxDevices}", text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MaxDevices ? count : (int?)null);

    private static IEnumerable<MapReader> Items(Messages messages, YamlNode node, string key)
    {
        if (node is not YamlList list)
        {
            messages.Error(node, key, $"{node.Kind} cannot be here; write a list");
            return [];
        }

        return [.. list.Items.Select((item, i) => MapReader.Open(messages, item, $"{key}[{i}]")).OfType<MapReader>()];
    }
}
