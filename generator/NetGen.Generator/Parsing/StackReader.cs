using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Reading;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Parsing;

/// <summary>The layers of one class as they were read.</summary>
/// <param name="IsOrdered">False if the layers stand on several declarations, so that checking shapes would be guessing.</param>
internal sealed record ReadStack(EquatableArray<LayerSpec> Layers, EquatableArray<LossSpec> Losses, bool IsOrdered);

/// <summary>
/// Reads the layer attributes of a network and, where it uses blocks, of these, in the order in which they are written.
/// </summary>
/// <param name="report">Receives the problems of the declaration itself; those of shapes are found later.</param>
internal sealed class StackReader(Compilation compilation, SourceMap map, Action<Diagnostic> report, CancellationToken cancellationToken)
{
    // Blocks in blocks multiply: without a limit, 30 short classes could ask for a billion layers.
    private const int MaxLayers = 4096;
    private const int MaxDepth = 64;

    private readonly List<INamedTypeSymbol> _openBlocks = new();
    private readonly InitializerReader _initializerReader = new(map, report, cancellationToken);
    private readonly List<InitializerSpec> _initializers = new();
    private INamedTypeSymbol? _root;

    /// <summary>What the use of the block that is being read gives to its constants; null where they have their own values.</summary>
    private BlockConstants? _constants;
    private int _layerCount;
    private bool _limitReported;

    /// <summary>The initialisations of what has been read: those of a class before those of its blocks.</summary>
    public EquatableArray<InitializerSpec> Initializers => _initializers.ToEquatableArray();

    /// <summary>Reads a class marked [Network] or [Block].</summary>
    /// <param name="isBlock">A block has no loss.</param>
    public ReadStack Read(INamedTypeSymbol type, bool isBlock)
    {
        _root = type;
        if (isBlock)
            _openBlocks.Add(type);
        return ReadStack(type, isBlock, scope: "");
    }

    private ReadStack ReadStack(INamedTypeSymbol type, bool isBlock, string scope)
    {
        List<Entry> entries = FindEntries(type);
        _initializers.AddRange(_initializerReader.Read(type, scope));
        bool isOrdered = CheckOneDeclaration(type, entries);
        EquatableArray<LossSpec> losses = ReadLosses(type, entries, isBlock);

        List<Entry> layerEntries = entries.Where(entry => entry.Kind != EntryKind.Loss).ToList();
        if (layerEntries.Count == 0)
            report(Diagnostic.Create(DiagnosticDescriptors.NoLayers, type.Locations[0], isBlock ? "Block" : "Network", type.Name));

        var names = new LayerNames(isBlock ? null : type.Name, report);
        var layers = new List<LayerSpec>(layerEntries.Count);
        foreach (Entry entry in layerEntries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++_layerCount > MaxLayers)
            {
                ReportLimit($"{MessageText.Number(MaxLayers)} layers");
                break;
            }
            LayerSpec layer = ReadLayer(entry, names, scope);
            if (isBlock && layer is (InputSpec or OutputSpec))
                report(Diagnostic.Create(DiagnosticDescriptors.PortInBlock, entry.Syntax.GetLocation(), type.Name, entry.TypeName));
            layers.Add(layer);
        }
        return new ReadStack(layers.ToEquatableArray(), losses, isOrdered);
    }

    private LayerSpec ReadLayer(Entry entry, LayerNames names, string scope)
    {
        var syntax = new AttributeSyntaxMap(entry.Syntax, entry.Data.AttributeConstructor);
        LayerName chosen = entry.Kind == EntryKind.Unresolved ? names.Unresolved()
            : names.Choose(entry.TypeName, TextOf(entry.Data, "Name") ?? GivenName(entry.Data), syntax);
        LayerSpec spec = Read(entry, syntax, chosen.InFiles, scope);
        return spec with { PropertyName = chosen.Property, Shares = TextOf(entry.Data, nameof(LayerSpec.Shares)) };
    }

    private LayerSpec Read(Entry entry, AttributeSyntaxMap syntax, string name, string scope)
    {
        map.Add(scope + name, syntax);

        Layer? layer = entry.Kind == EntryKind.Layer ? LayerRegistry.FindByAttribute(entry.MetadataName) : null;
        if (layer is null)
        {
            // What does not resolve is the compiler's to report.
            if (entry.Kind == EntryKind.Layer)
                report(Diagnostic.Create(DiagnosticDescriptors.UnknownLayer, entry.Syntax.GetLocation(), entry.TypeName));
            return new UnreadableSpec(name, Declared: null);
        }

        var arguments = new LayerArguments(entry.Data, entry.TypeName, syntax, report, _constants,
            (block, path, constants) => ReadBlock(entry, syntax, block, scope + path + ".", constants));
        LayerSpec spec = layer.Read(arguments, name);
        return arguments.HasErrors ? new UnreadableSpec(name, spec) : spec;
    }

    /// <summary>The layers of a block that an attribute names; null where it cannot be used, which has been reported then.</summary>
    /// <param name="number">Number of the type argument.</param>
    private EquatableArray<LayerSpec>? ReadBlock(Entry entry, AttributeSyntaxMap syntax, int number, string scope,
        IReadOnlyList<int> constants)
    {
        if (entry.Data.AttributeClass!.TypeArguments[number] is not { TypeKind: not TypeKind.Error } argument)
            return null;

        Location location = syntax.Locate(ProblemPlace.TypeArgument(number));
        if (argument is not INamedTypeSymbol block || !Symbols.HasAttribute(block, Symbols.BlockAttribute))
        {
            report(Diagnostic.Create(DiagnosticDescriptors.NotABlock, location, entry.TypeName, argument.ToDisplayString()));
            return null;
        }
        // In an IDE the other project's source is there, in a build it is not: refuse both alike.
        if (!SymbolEqualityComparer.Default.Equals(block.ContainingAssembly, _root!.ContainingAssembly))
        {
            report(Diagnostic.Create(DiagnosticDescriptors.BlockInOtherAssembly, location, block.Name, block.ContainingAssembly.Name));
            return null;
        }

        int start = _openBlocks.FindIndex(open => SymbolEqualityComparer.Default.Equals(open, block));
        if (start >= 0)
        {
            string cycle = string.Join(" → ", _openBlocks.Skip(start).Append(block).Select(type => type.Name));
            report(Diagnostic.Create(DiagnosticDescriptors.RecursiveBlock, location, block.Name, cycle));
            return null;
        }
        if (_openBlocks.Count >= MaxDepth)
        {
            ReportLimit($"{MessageText.Number(MaxDepth)} blocks inside one another");
            return null;
        }

        IReadOnlyList<IFieldSymbol> fields = BlockConstants.Of(block);
        if (constants.Count > fields.Count)
        {
            string known = fields.Count == 0 ? "no constants of type int"
                : $"{MessageText.Count(fields.Count, "constant")} of type int: {string.Join(", ", fields.Select(field => field.Name))}";
            report(Diagnostic.Create(DiagnosticDescriptors.TooManyConstants, syntax.Locate("constants", fields.Count), entry.TypeName,
                MessageText.Count(constants.Count, "value"), block.Name, known));
            return null;
        }

        _openBlocks.Add(block);
        BlockConstants? around = _constants;
        _constants = constants.Count == 0 ? null : new BlockConstants(compilation, block, constants);
        ReadStack stack = ReadStack(block, isBlock: true, scope);
        _constants = around;
        _openBlocks.RemoveAt(_openBlocks.Count - 1);
        return stack.IsOrdered ? stack.Layers : null;
    }

    private EquatableArray<LossSpec> ReadLosses(INamedTypeSymbol type, List<Entry> entries, bool isBlock)
    {
        var losses = new List<LossSpec>();
        Entry? first = null;
        for (int i = 0; i < entries.Count; i++)
        {
            Entry entry = entries[i];
            if (entry.Kind != EntryKind.Loss)
                continue;
            Location location = entry.Syntax.GetLocation();
            if (isBlock)
            {
                report(Diagnostic.Create(DiagnosticDescriptors.LossInBlock, location, type.Name, entry.TypeName));
                continue;
            }
            Loss? kind = LossRegistry.FindByAttribute(entry.MetadataName);
            if (kind is null)
                report(Diagnostic.Create(DiagnosticDescriptors.UnknownLayer, location, entry.TypeName));
            // Those of named outputs are looked at when the outputs are known.
            if (first is not null && TextOf(entry.Data, "Of") is null)
            {
                report(Diagnostic.Create(DiagnosticDescriptors.SeveralLosses, location, entry.TypeName, first.TypeName));
                continue;
            }
            first ??= entry;
            var syntax = new AttributeSyntaxMap(entry.Syntax, entry.Data.AttributeConstructor);
            if (kind is not null)
            {
                map.Add(ProblemPlace.LossAt(losses.Count), syntax);
                var arguments = new LayerArguments(entry.Data, entry.TypeName, syntax, report, constants: null, (_, _, _) => null);
                losses.Add(kind.Read(arguments) with { Of = TextOf(entry.Data, "Of"), Factor = arguments.Double("factor", 1) });
            }
            Entry? follower = entries.Skip(i + 1).FirstOrDefault(other => other.Kind == EntryKind.Layer);
            if (follower is not null)
                report(Diagnostic.Create(DiagnosticDescriptors.LossNotLast, location, entry.TypeName, follower.TypeName));
        }
        return losses.ToEquatableArray();
    }

    /// <returns>False if the layers and the loss do not all stand on one declaration.</returns>
    private bool CheckOneDeclaration(INamedTypeSymbol type, List<Entry> entries)
    {
        List<Entry> known = entries.Where(entry => entry.Kind != EntryKind.Unresolved).ToList();
        Entry? stray = known.FirstOrDefault(entry => entry.Declaration != known[0].Declaration);
        if (stray is null)
            return true;
        report(Diagnostic.Create(DiagnosticDescriptors.LayersSpread, stray.Syntax.GetLocation(), new[] { known[0].Syntax.GetLocation() },
            type.Name));
        return false;
    }

    /// <summary>The attributes that are layers or losses, or that do not resolve and so may be either, in source order.</summary>
    private List<Entry> FindEntries(INamedTypeSymbol type)
    {
        var entries = new List<Entry>();
        foreach (AttributeData attribute in type.GetAttributes())
        {
            if (attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is not AttributeSyntax syntax
                || attribute.AttributeClass is not INamedTypeSymbol attributeClass)
                continue;
            EntryKind? kind = attributeClass.TypeKind == TypeKind.Error ? EntryKind.Unresolved
                : Symbols.DerivesFrom(attributeClass, Symbols.LayerAttribute) ? EntryKind.Layer
                : Symbols.DerivesFrom(attributeClass, Symbols.LossAttribute) ? EntryKind.Loss
                : null;
            if (kind is EntryKind known)
                entries.Add(new Entry(known, attribute, syntax));
        }
        // Roslyn gives the attributes declaration by declaration; within one, the order of the source is the program.
        // Stable, so that the declarations stay apart.
        return entries
            .Select((entry, index) => (entry, index))
            .OrderBy(pair => entries.FindIndex(other => other.Declaration == pair.entry.Declaration))
            .ThenBy(pair => pair.entry.Syntax.SpanStart)
            .Select(pair => pair.entry)
            .ToList();
    }

    private void ReportLimit(string limit)
    {
        if (_limitReported)
            return;
        _limitReported = true;
        report(Diagnostic.Create(DiagnosticDescriptors.TooManyLayers, _root!.Locations[0], _root.Name, limit));
    }

    /// <summary>The name of a layer whose constructor takes it; null for all others.</summary>
    private static string? GivenName(AttributeData attribute)
        => attribute.AttributeConstructor is { Parameters.Length: > 0 } constructor && constructor.Parameters[0].Name == "name"
            && attribute.ConstructorArguments.Length > 0
            && attribute.ConstructorArguments[0] is { Kind: TypedConstantKind.Primitive, Value: string name } ? name : null;

    /// <summary>A property that every layer has; null where it is not set.</summary>
    private static string? TextOf(AttributeData attribute, string property)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == property && argument.Value.Kind == TypedConstantKind.Primitive)
                return argument.Value.Value as string;
        }
        return null;
    }

    private enum EntryKind
    {
        Layer,
        Loss,

        /// <summary>An attribute that the compiler does not find: perhaps a misspelt layer.</summary>
        Unresolved,
    }

    private sealed class Entry(EntryKind kind, AttributeData data, AttributeSyntax syntax)
    {
        public EntryKind Kind => kind;

        public AttributeData Data => data;

        public AttributeSyntax Syntax => syntax;

        /// <summary>The class declaration that carries the attribute.</summary>
        public SyntaxNode? Declaration => syntax.Parent?.Parent;

        /// <summary>Full metadata name of the attribute.</summary>
        public string MetadataName { get; } = Symbols.MetadataName(data.AttributeClass!);

        /// <summary>The attribute's name as the user writes it.</summary>
        public string TypeName { get; } = Symbols.ShortAttributeName(data.AttributeClass!);
    }
}
