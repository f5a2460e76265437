using System.Text.RegularExpressions;

namespace Orchestrator.Architecture.Tests;

/// <summary>Where things stand in the source.</summary>
public sealed partial class SourceTests
{
    internal static readonly string Root = FindRoot();

    [Fact]
    public void AFile_HoldsOneType_OfItsName()
    {
        Assert.NotEmpty(Sources());
        foreach (var path in Sources())
        {
            var types = TopLevelType().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value).Distinct().ToList();
            if (types.Count > 0)
            {
                Assert.True(types is [var only] && only == Path.GetFileNameWithoutExtension(path), $"{path} holds {string.Join(", ", types)}");
            }
        }
    }

    [Fact]
    public void InAService_TheFolderIsTheNamespace()
    {
        foreach (var path in Sources().Where(path => path.Contains("/services/", StringComparison.Ordinal)))
        {
            if (Namespace().Match(File.ReadAllText(path)) is { Success: true } match)
            {
                var project = Path.GetDirectoryName(path)!;
                while (Directory.GetFiles(project, "*.csproj").Length == 0)
                {
                    project = Path.GetDirectoryName(project)!;
                }

                var folder = Path.GetRelativePath(project, Path.GetDirectoryName(path)!);
                var expected = Path.GetFileName(project) + (folder == "." ? "" : "." + folder.Replace('/', '.'));
                Assert.True(expected == match.Groups[1].Value, $"{path}: namespace {match.Groups[1].Value}, folder {expected}");
            }
        }
    }

    [Fact]
    public void EveryProject_IsInTheSolution()
    {
        var solution = File.ReadAllText(Path.Combine(Root, "Orchestrator.sln"));
        var projects = new[] { "services", "shared", "tests" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories));
        Assert.All(projects, project => Assert.Contains(Path.GetFileName(project), solution, StringComparison.Ordinal));
    }

    internal static List<string> Sources() =>
    [
        .. new[] { "services", "shared" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)),
    ];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Orchestrator.sln is not found above the tests");
    }

    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|record) )*(?:class|struct|interface|enum|record) (?:struct |class )?(\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
