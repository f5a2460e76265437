using System.Text.Json;

namespace Orchestrator.Testing;

/// <summary>Docker Engine, asked as a user asks it.</summary>
public static class Engine
{
    public const string Missing = "no Docker Engine";
    private const string Image = "orch-test";
    private static readonly Lazy<bool> Answers = new(() => RunOrFail("info").GetAwaiter().GetResult());
    private static readonly Lazy<Task> Images = new(BuildImagesAsync);

    public static bool IsThere => Answers.Value;

    public static async Task<string> RunAsync(params IEnumerable<string> arguments) =>
        (await Shell.RunAsync("docker", arguments)).OutputOrThrow().Trim();

    /// <summary>The image whose containers serve on port 8080 a page with the version, and which run any busybox command.</summary>
    public static async Task<string> ImageAsync(int version)
    {
        await Images.Value;
        return $"{Image}:{version}";
    }

    public static async Task<JsonElement> InspectAsync(string id) =>
        JsonSerializer.Deserialize<JsonElement>(await RunAsync("inspect", id))[0];

    /// <returns>Ids, full length.</returns>
    public static async Task<IReadOnlyList<string>> ContainersAsync(bool all, params IEnumerable<string> labels) =>
        Lines(await RunAsync(List(all, labels)));

    /// <summary>Removes everything of a cluster from the engine.</summary>
    public static async Task RemoveAllAsync(string clusterId)
    {
        var label = "label=orchestrator.cluster=" + clusterId;
        foreach (var (list, remove) in new[] { ("ps -aq", "rm -f -v"), ("network ls -q", "network rm"), ("volume ls -q", "volume rm") })
        {
            var ids = Lines(await RunAsync([.. list.Split(' '), "--filter", label]));
            if (ids.Length > 0)
            {
                await Shell.RunAsync("docker", [.. remove.Split(' '), .. ids]);
            }
        }
    }

    internal static IReadOnlyList<string> List(bool all, IEnumerable<string> labels) =>
        ["ps", "-q", "--no-trunc", .. all ? ["-a"] : Array.Empty<string>(), .. labels.SelectMany(label => new[] { "--filter", "label=" + label })];

    internal static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<bool> RunOrFail(params string[] arguments)
    {
        try
        {
            return (await Shell.RunAsync("docker", arguments)).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task BuildImagesAsync()
    {
        var context = Directory.CreateTempSubdirectory("orch-test-image-");
        try
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "infra/samples/shop/web")).Append("/bin/busybox"))
            {
                File.Copy(file, Path.Combine(context.FullName, Path.GetFileName(file)));
            }

            foreach (var version in new[] { 1, 2 })
            {
                var built = await Shell.RunAsync(
                    "docker", ["build", "-q", "--build-arg", $"VERSION={version}", "-t", $"{Image}:{version}", context.FullName],
                    new Dictionary<string, string> { ["DOCKER_BUILDKIT"] = "0" });
                built.OutputOrThrow();
            }
        }
        finally
        {
            context.Delete(recursive: true);
        }
    }
}
