using System.Globalization;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>Names and labels of what is ours in the engine.</summary>
internal sealed class EngineNames(string clusterId, string nodeId)
{
    public const string Cluster = "orchestrator.cluster";
    public const string Node = "orchestrator.node";
    public const string App = "orchestrator.app";
    public const string Service = "orchestrator.service";
    public const string Slot = "orchestrator.slot";
    public const string Task = "orchestrator.task";
    public const string Revision = "orchestrator.revision";
    public const string Replaces = "orchestrator.replaces";
    public const string Names = "orchestrator.names";
    private const int ShortId = 8;

    /// <summary>Two clusters can share an engine: what is not named by a task id carries the cluster's, whole.</summary>
    private readonly string _prefix = "orch_" + clusterId + "_";

    public static string Container(string taskId, TaskSpec spec) => string.Create(
        CultureInfo.InvariantCulture, $"{spec.App}_{spec.Service}.{spec.Slot}.{taskId[..Math.Min(ShortId, taskId.Length)]}");

    /// <summary>Two nodes can share an engine, too: it takes two networks of one name that are made at once, and then refuses the name.</summary>
    public string Network(string app) => _prefix + nodeId + "_" + app;

    public string ClusterNetwork => _prefix + nodeId;

    /// <summary>Two of different versions are there for a moment.</summary>
    public string NamesContainer(string version) => ClusterNetwork + "_names_" + version;

    public string Volume(string app, string volume) => _prefix + app + "_" + volume;

    public Dictionary<string, string> AppLabels(string app) => new(NodeLabels()) { [App] = app };

    public Dictionary<string, string> NodeLabels() => new()
    {
        [Cluster] = clusterId,
        [Node] = nodeId,
    };

    /// <summary>Not the label that the containers of the node's tasks have.</summary>
    public Dictionary<string, string> NamesLabels() => new()
    {
        [Cluster] = clusterId,
        [Names] = nodeId,
    };

    public Dictionary<string, string> ContainerLabels(string taskId, TaskSpec spec)
    {
        var labels = new Dictionary<string, string>(spec.Container.Labels);
        foreach (var (key, value) in AppLabels(spec.App))
        {
            labels[key] = value;
        }

        labels[Service] = spec.Service;
        labels[Slot] = spec.Slot.ToString(CultureInfo.InvariantCulture);
        labels[Task] = taskId;
        if (spec.Replaces is { } ended)
        {
            labels[Replaces] = ended;
        }

        labels[Revision] = spec.Revision.ToString(CultureInfo.InvariantCulture);
        return labels;
    }

    /// <summary>Only what is this cluster's and this node's.</summary>
    public bool AreOurs(IDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(Cluster, out var cluster) && cluster == clusterId && labels.TryGetValue(Node, out var node) && node == nodeId;

    public Dictionary<string, IDictionary<string, bool>> OursFilter() => Filter(NodeLabels());

    public Dictionary<string, IDictionary<string, bool>> NamesFilter() => Filter(NamesLabels());

    private static Dictionary<string, IDictionary<string, bool>> Filter(Dictionary<string, string> labels) => new()
    {
        ["label"] = labels.ToDictionary(label => $"{label.Key}={label.Value}", _ => true),
    };
}
