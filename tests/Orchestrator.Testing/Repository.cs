namespace Orchestrator.Testing;

public static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>A program of this repository, built beside the running one.</summary>
    public static string Program(string project, string assembly)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, configuration, assembly + ".dll"));
    }

    private static string Find()
    {
        // The build output may lie elsewhere: then the folder from which the tests were started tells.
        foreach (var start in new[] { AppContext.BaseDirectory, Environment.GetEnvironmentVariable("ORCH_REPOSITORY") ?? Directory.GetCurrentDirectory() })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new InvalidOperationException("Orchestrator.sln is not found above the tests; set ORCH_REPOSITORY to its folder");
    }
}
