using Orchestrator.Compose;
using Orchestrator.Compose.Reading;

namespace Orchestrator.Cli.Deploy;

/// <summary>Gathers what lies on the user's disk: the file, <c>.env</c> beside it, the files that <c>env_file</c> names, and the variables the file asks for.</summary>
internal static class DeployFiles
{
    public static async Task<object> ReadAsync(CliContext context, string file, string? app, CancellationToken cancellation)
    {
        var fromInput = file == "-";
        var text = await TextAsync(file, fromInput, cancellation);
        var folder = fromInput ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(file))!;
        var variables = await VariablesAsync(context, text, folder, cancellation);
        return new
        {
            App = app,
            Compose = text,
            FileName = fromInput ? "standard input" : Path.GetFileName(file),
            Files = await EnvFilesAsync(text, folder, variables, cancellation),
            Variables = variables,
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

    /// <summary>The environment wins over <c>.env</c>. Only what the file mentions is sent.</summary>
    private static async Task<Dictionary<string, string>> VariablesAsync(CliContext context, string text, string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, ".env");
        var fromFile = File.Exists(path)
            ? EnvFile.Parse(await File.ReadAllTextAsync(path, cancellation), (line, problem) => throw new CliException(ExitCodes.Failed, $"{path}:{line}: {problem}"))
            : new Dictionary<string, string?>();
        var names = ComposeFiles.VariableNames(text).Concat(fromFile.Keys.Where(name => text.Contains(name, StringComparison.Ordinal)));
        return names.Concat(NamesWithoutValue(text)).Distinct()
            .Select(name => (Name: name, Value: context.Environment(name) ?? fromFile.GetValueOrDefault(name)))
            .Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Name, pair => pair.Value!);
    }

    /// <summary><c>environment</c> may name variables to be passed on as they are.</summary>
    private static IEnumerable<string> NamesWithoutValue(string text) =>
        text.Split('\n').Select(line => line.Trim().TrimStart('-').Trim().TrimEnd(':')).Where(word => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'));

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
