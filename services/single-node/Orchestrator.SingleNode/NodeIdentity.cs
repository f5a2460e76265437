using MassTransit;

namespace Orchestrator.SingleNode;

/// <summary>Ids made at the first start and kept in the state folder.</summary>
internal static class NodeIdentity
{
    public static string ReadOrCreate(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } known)
        {
            return known;
        }

        var id = NewId.NextGuid().ToString("N");
        var draft = path + ".new";
        File.WriteAllText(draft, id + "\n");
        File.Move(draft, path, overwrite: true);
        return id;
    }
}
