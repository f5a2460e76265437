using Orchestrator.Compose;
using Orchestrator.Compose.Reading;

namespace Orchestrator.Cli.Deploy;

/// <summary>Gathers what lies on the user's disk: the file, <c>.env</c> beside it, the files that <c>env_file</c> names, and the variables the file asks for.</summary>
internal static class DeployFiles
{
    public static async Task<object> ReadAsync(CliContext context, string file, string? app, long? planIndex, CancellationToken cancellation)
    {
        var fromInput = file == "-";
        var text = await TextAsync(file, fromInput, cancellation);
        var folder = fromInput ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(file))!;
        var known = await DotEnvAsync(folder, cancellation);
        var variables = Known(context, known, ComposeFiles.VariableNames(text));
        var files = await EnvFilesAsync(text, folder, variables, cancellation);
        var passedOn = files.Values.SelectMany(content => EnvFile.Parse(content, (_, _) => { })).Where(entry => entry.Value is null).Select(entry => entry.Key);
        return new
        {
            App = app,
            PlanIndex = planIndex,
            Compose = text,
            FileName = fromInput ? "standard input" : Path.GetFileName(file),
            Files = files,
            Variables = Known(context, known, variables.Keys.Concat(passedOn)),
        };
    }

    private static async Task<string> TextAsync(string file, bool fromInput, CancellationToken cancellation)
    {
        try
        {
            return fromInput ? await Console.In.ReadToEndAsync(cancellation) : await File.ReadAllTextAsync(file, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"{file} cannot be read: {exception.Message}");
        }
    }

    private static async Task<IReadOnlyDictionary<string, string?>> DotEnvAsync(string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, ".env");
        return File.Exists(path)
            ? EnvFile.Parse(await File.ReadAllTextAsync(path, cancellation), (line, problem) => throw new CliException(ExitCodes.Failed, $"{path}:{line}: {problem}"))
            : new Dictionary<string, string?>();
    }

    /// <summary>The environment wins over <c>.env</c>, also where it sets nothing but an empty text. Only what the file asks for is sent.</summary>
    private static Dictionary<string, string> Known(CliContext context, IReadOnlyDictionary<string, string?> dotEnv, IEnumerable<string> names) =>
        names.Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, Value: context.Variable(name) ?? dotEnv.GetValueOrDefault(name)))
            .Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Name, pair => pair.Value!);

    private static async Task<Dictionary<string, string>> EnvFilesAsync(string text, string folder, IReadOnlyDictionary<string, string> variables, CancellationToken cancellation)
    {
        var files = new Dictionary<string, string>();
        foreach (var path in ComposeFiles.EnvFilePaths(text, variables).Distinct())
        {
            var full = Path.Combine(folder, path);
            if (File.Exists(full))
            {
                files[path] = await File.ReadAllTextAsync(full, cancellation);
            }
        }

        return files;
    }
}
