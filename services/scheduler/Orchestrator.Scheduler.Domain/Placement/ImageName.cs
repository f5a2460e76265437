namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>One name for what people and engines write differently: <c>nginx</c>, <c>docker.io/library/nginx:latest</c>.</summary>
public static class ImageName
{
    private static readonly string[] DefaultPrefixes = ["docker.io/library/", "docker.io/", "library/"];

    public static string Full(string image)
    {
        var name = image;
        foreach (var prefix in DefaultPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                name = name[prefix.Length..];
                break;
            }
        }

        return name.Contains('@', StringComparison.Ordinal) || name.LastIndexOf(':') > name.LastIndexOf('/') ? name : name + ":latest";
    }
}
