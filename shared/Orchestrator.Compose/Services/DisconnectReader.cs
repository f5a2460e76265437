using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads <c>x-orchestrator.disconnect</c>.</summary>
internal sealed class DisconnectReader(Messages messages, Places places)
{
    private static readonly Dictionary<string, ReconcileChoice> Choices = new()
    {
        ["best"] = ReconcileChoice.Best,
        ["keep_original"] = ReconcileChoice.KeepOriginal,
        ["keep_replacement"] = ReconcileChoice.KeepReplacement,
    };

    public DisconnectSpec? Result { get; private set; }

    /// <param name="extension">The map <c>x-orchestrator</c>.</param>
    public void Extension(MapReader extension)
    {
        if (extension.OpenMap("disconnect") is not { } map)
        {
            return;
        }

        places.Put("disconnect", map.Node, map.Key);
        var never = map.Find("lost_after") is YamlScalar { Value: "never" };
        Result = new DisconnectSpec
        {
            NeverLost = never,
            LostAfterSeconds = never ? null : map.Read<double>("lost_after", (node, key) => Duration("lostAfterSeconds", node, key)),
            StopOnClientAfterSeconds = map.Read<double>("stop_on_client_after", (node, key) => Duration("stopOnClientAfterSeconds", node, key)),
            Reconcile = map.Read<ReconcileChoice>("reconcile", (node, key) =>
            {
                places.Put("disconnect.reconcile", node, key);
                return messages.Word(node, key, Choices);
            }) ?? ReconcileChoice.Best,
        };
        map.Finish();
    }

    private double? Duration(string member, YamlNode node, string key)
    {
        places.Put("disconnect." + member, node, key);
        return messages.Duration(node, key);
    }
}
