using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Services;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose;

/// <summary>Reads a Compose file. Tells everything that is wrong at once; never throws for what stands in a file.</summary>
public static class ComposeReader
{
    public const int MaxCharacters = 1 << 20;
    public const int MaxServices = 500;

    public static ComposeResult Read(ComposeInput input)
    {
        var messages = new Messages(input);
        var (app, spec) = Parse(input, messages);
        return new ComposeResult
        {
            App = app,
            Spec = messages.Errors.Count == 0 ? spec : null,
            Errors = messages.Errors,
            Warnings = messages.Warnings,
        };
    }

    private static (string? App, ApplicationSpec? Spec) Parse(ComposeInput input, Messages messages)
    {
        if (input.Text.Length > MaxCharacters)
        {
            messages.Error(1, 1, "", $"the file has {input.Text.Length} characters, {MaxCharacters} are allowed; write it smaller");
            return (null, null);
        }

        try
        {
            return YamlComposer.Compose(input.Text.TrimStart('\uFEFF'), (line, column, text) => messages.Error(line, column, "", text)) switch
            {
                null or YamlScalar { IsNull: true } => Empty(messages),
                YamlMap root => Root(messages, MapReader.Open(messages, root, "")!),
                var other => NotAMap(messages, other),
            };
        }
        catch (YamlFault fault)
        {
            messages.Error(fault.Line, fault.Column, "", fault.Message);
            return (null, null);
        }
    }

    private static (string? App, ApplicationSpec? Spec) Empty(Messages messages)
    {
        messages.Error(1, 1, "", "the file is empty; write services: and at least one service");
        return (null, null);
    }

    private static (string? App, ApplicationSpec? Spec) NotAMap(Messages messages, YamlNode root)
    {
        messages.Error(root, "", $"{root.Kind} cannot be a Compose file; write services: and at least one service");
        return (null, null);
    }

    private static (string? App, ApplicationSpec? Spec) Root(Messages messages, MapReader root)
    {
        root.FindWritten("version");
        var app = AppName(messages, root);
        var volumes = VolumeReader.ReadAll(root);
        var networks = NetworkReader.ReadAll(root);
        var services = new List<ServiceSpec>();
        if (root.Find("services") is not { } node)
        {
            messages.Error(root.Node, "services", "there is none; write services: and at least one service");
        }
        else if (MapReader.Open(messages, node, "services") is { } map)
        {
            if (map.Entries.Count > MaxServices)
            {
                messages.Error(node, "services", $"there are {map.Entries.Count}, {MaxServices} are allowed in one application; split it");
                return (app, null);
            }

            var names = map.Entries.Select(entry => entry.Key.Value).ToHashSet(StringComparer.Ordinal);
            var read = map.Entries.Select(entry => (Entry: entry, Spec: Services.ServiceReader.Read(messages, entry.Key, entry.Value, volumes, networks, names))).ToList();
            services.AddRange(LinkReader.Apply(messages, map, [.. read.Select(pair => pair.Spec).OfType<ServiceSpec>()]));
            if (map.Entries.Count == 0)
            {
                messages.Error(node, "services", "there is none; write at least one service");
            }

            DependencyReader.Check(messages, map, names);
            PortReader.CheckUsedTwice(messages, map);
        }

        root.Finish(KnownKeys.Top);
        return (app, new ApplicationSpec { Services = services });
    }

    private static string? AppName(Messages messages, MapReader root)
    {
        var node = root.Find("name");
        var name = messages.Input.AppName ?? (node is null ? null : messages.Text(node, "name"));
        if (name is null)
        {
            if (node is null)
            {
                messages.Error(1, 1, "name", "the application has no name; write name: at the top of the file, or give one with the command");
            }

            return null;
        }

        if (!NameRules.IsName(name))
        {
            messages.Error(node?.Line ?? 1, node?.Column ?? 1, "name", $"'{name}' is no name; write lower-case letters, digits, '-' and '_', at most 63, beginning with a letter or digit");
        }

        return name;
    }
}
