using System.Text.RegularExpressions;

namespace Orchestrator.Messaging;

/// <summary>The broker's users that belong to one machine, and what they may do: patterns of names, as the broker takes them.</summary>
public static partial class BrokerUsers
{
    internal const string NodePrefix = "node.";
    private const string JoinPrefix = "join.";
    private const string AppPrefix = "app.";
    private const string Reports = @"orchestrator\.reports\..+";
    private const string JoinRequests = @"orchestrator\.requests\.join-node";

    /// <summary>The user of a node's agent.</summary>
    public static string OfNode(string nodeId) => NodePrefix + nodeId;

    /// <summary>The user that may do nothing but ask to join.</summary>
    public static string OfJoin(string tokenId) => JoinPrefix + tokenId;

    /// <returns>The application whose tasks alone the user speaks for; null: it is no application's.</returns>
    public static string? AppOf(string user) => user.StartsWith(AppPrefix, StringComparison.Ordinal) ? user[AppPrefix.Length..] : null;

    /// <summary>Exchange and queue for the answer to who asks to join.</summary>
    public static string JoinQueue(string tokenId) => "orchestrator.join." + tokenId;

    /// <returns>Null when the user is none that <see cref="OfJoin"/> made.</returns>
    public static string? JoinIdOf(string? user) =>
        user?.StartsWith(JoinPrefix, StringComparison.Ordinal) == true ? user[JoinPrefix.Length..] : null;

    /// <summary>No dot and no underscore: the name of one node's queue is never the beginning of another's.</summary>
    public static bool IsNodeId(string nodeId) => NodeId().IsMatch(nodeId);

    public static (string Configure, string Write, string Read) NodePermissions(string nodeId) => Permissions(NodeQueue.Name(nodeId), Reports);

    public static (string Configure, string Write, string Read) JoinPermissions(string tokenId) => Permissions(JoinQueue(tokenId), JoinRequests);

    private static (string Configure, string Write, string Read) Permissions(string queue, string exchanges)
    {
        var own = queue.Replace(".", @"\.", StringComparison.Ordinal);
        return ($"^{own}$", $"^({own}|{exchanges})$", $"^{own}$");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}\\z")]
    private static partial Regex NodeId();
}
