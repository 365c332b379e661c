using System.Collections.Immutable;
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

    private readonly List<INamedTypeSymbol> _openBlocks = new(), _openParts = new();
    private readonly SemanticModels _models = new(compilation);
    private readonly InitializerReader _initializerReader = new(map, report, cancellationToken);
    private readonly List<InitializerSpec> _initializers = new();
    private INamedTypeSymbol? _root;

    /// <summary>What the use of the block that is being read gives to its constants; null where they have their own values.</summary>
    private BlockConstants? _constants;

    /// <summary>A block around what is being read is frozen.</summary>
    private bool _isFrozen;

    /// <summary>The same within the network that is being read, be it a part of another.</summary>
    private bool _isFrozenHere;
    private readonly List<MisspeltAttribute> _misspelt = new();

    /// <summary>What comes to the next layer of the network is a vector, as far as kinds of layers tell.</summary>
    private bool _isVector;
    private int _layerCount;
    private bool _limitReported;

    /// <summary>The initialisations of what has been read: those of a class before those of its blocks.</summary>
    public EquatableArray<InitializerSpec> Initializers => _initializers.ToEquatableArray();

    /// <summary>The attributes whose names are not there, but near to some.</summary>
    public EquatableArray<MisspeltAttribute> Misspelt => _misspelt.Distinct().ToEquatableArray();

    /// <summary>Reads a class marked [Network] or [Block].</summary>
    /// <param name="isBlock">A block has no loss.</param>
    /// <param name="dimensions">Number of dimensions of the network's input; 0 where it is not known.</param>
    public ReadStack Read(INamedTypeSymbol type, bool isBlock, int dimensions = 0)
    {
        _root = type;
        _isVector = dimensions == 1;
        if (isBlock)
            _openBlocks.Add(type);
        return ReadStack(type, isBlock ? StackKind.Block : StackKind.Network, scope: "",
            new LayerNames(isBlock ? null : type.Name, outer: null, report, Symbols.HasAttribute(type, Symbols.StreamAttribute)));
    }

    /// <param name="scope">What stands in front of the layers' names, with the dot.</param>
    /// <param name="names">Those beside the layers.</param>
    private ReadStack ReadStack(INamedTypeSymbol type, StackKind kind, string scope, LayerNames names)
    {
        bool isBlock = kind == StackKind.Block;
        List<Entry> entries = FindEntries(type);
        int firstInitializer = _initializers.Count;
        _initializers.AddRange(_initializerReader.Read(type, scope, _constants, names.AreBeside));
        int endInitializer = _initializers.Count;
        bool isOrdered = CheckOneDeclaration(type, entries);
        EquatableArray<LossSpec> losses = kind == StackKind.Part ? EquatableArray<LossSpec>.Empty : ReadLosses(type, entries, isBlock);

        List<Entry> layerEntries = entries.Where(entry => entry.Kind != EntryKind.Loss).ToList();
        if (layerEntries.Count == 0)
            report(Diagnostic.Create(DiagnosticDescriptors.NoLayers, type.Locations[0], isBlock ? "Block" : "Network", type.Name));

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
            if (isBlock && layer is PartSpec)
                report(Diagnostic.Create(DiagnosticDescriptors.PartInBlock, entry.Syntax.GetLocation(), type.Name, entry.TypeName));
            layers.Add(layer);
        }
        // A block's initialisations know its layers by the names that the block knows.
        for (int i = firstInitializer; i < endInitializer; i++)
        {
            InitializerSpec initializer = _initializers[i];
            _initializers[i] = initializer with { Paths = initializer.Paths.Select(names.MeaningHere).ToEquatableArray() };
        }
        return new ReadStack(layers.ToEquatableArray(), losses, isOrdered);
    }

    private LayerSpec ReadLayer(Entry entry, LayerNames names, string scope)
    {
        var syntax = new AttributeSyntaxMap(entry.Syntax, entry.Data.AttributeConstructor);
        if (entry.Kind == EntryKind.Unresolved)
        {
            // What does not resolve, and is like no layer, is the compiler's to report.
            ReportMisspelt(entry);
            string substitute = names.Unresolved().InFiles;
            map.Add(scope + substitute, syntax);
            return new UnreadableSpec(substitute, Declared: null);
        }

        _isVector = entry.TypeName is "Flatten" or "Linear" || (_isVector && entry.TypeName is not ("Unflatten" or "Reshape"));
        CheckArguments(entry);
        var values = new AttributeValues(entry.Data, entry.TypeName, syntax, report, _constants);
        Layer? layer = LayerRegistry.FindByAttribute(entry.MetadataName);
        if (layer is null)
            report(Diagnostic.Create(DiagnosticDescriptors.UnknownLayer, entry.Syntax.GetLocation(), entry.TypeName));
        IReadOnlyList<ITypeSymbol> blocks = entry.Data.AttributeClass!.TypeArguments;
        bool isNameless = values.Name is "" && blocks.Count > 0 && layer is not { NamesBlocks: false };
        if (values.Name is "" && !isNameless)
            report(Diagnostic.Create(DiagnosticDescriptors.NameNeeded, syntax.Locate("Name"), entry.TypeName));
        LayerName chosen = isNameless ? names.ChooseHidden(entry.TypeName)
            : names.Choose(entry.TypeName, values.Name is "" ? null : values.Name, syntax);
        map.Add(scope + chosen.InFiles, syntax);
        if (layer is null)
            return new UnreadableSpec(chosen.InFiles, Declared: null) { PropertyName = chosen.Property };

        var arguments = new LayerArguments(values, blocks, syntax, report, ReadBlock, names.Meaning);
        (bool isFrozenAround, bool isFrozenAroundHere) = (_isFrozen, _isFrozenHere);
        bool isFrozen = arguments.Bool("frozen", false), isFrozenHere = _isFrozenHere | isFrozen;
        _isFrozen |= isFrozen;
        _isFrozenHere = isFrozenHere && !layer.TakesNetwork;
        LayerSpec spec = layer.Read(arguments, chosen.InFiles) with
        {
            IsNameless = isNameless,
            IsFrozen = _isFrozen,
            IsFrozenHere = isFrozenHere,
        };
        if (ComposedLayers.AttributeNames.Contains(entry.MetadataName))
            spec = Composed(spec, scope + chosen.InFiles + ".", syntax);
        (_isFrozen, _isFrozenHere) = (isFrozenAround, isFrozenAroundHere);
        if (isFrozen && !arguments.HasErrors && !layer.HasParameters(spec))
        {
            report(Diagnostic.Create(DiagnosticDescriptors.NothingToFreeze, syntax.Locate("frozen"),
                ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Remove, FixProperties.Argument), entry.TypeName));
        }
        string? shares = arguments.Shares;
        return (arguments.HasErrors ? new UnreadableSpec(chosen.InFiles, spec) : spec) with
        {
            PropertyName = chosen.Property,
            Shares = shares,
            IsFrozen = spec.IsFrozen,
            IsFrozenHere = spec.IsFrozenHere,
        };

        EquatableArray<LayerSpec>? ReadBlock(int block, string segment, IReadOnlyList<GivenConstant> constants)
        {
            string around = isNameless ? scope : scope + chosen.InFiles + ".", path = segment.Length == 0 ? around : around + segment + ".";
            bool isFree = segment.Length == 0 || !isNameless || names.TakeSegment(segment, entry.TypeName, syntax);
            if (layer.TakesNetwork)
                return ReadPart(entry, syntax, block, path);
            LayerNames inside = isNameless && segment.Length == 0
                ? names.Beside(entry.TypeName, syntax) : new LayerNames(className: null, outer: names, report);
            EquatableArray<LayerSpec>? layers = this.ReadBlock(entry, syntax, block, path, inside, constants);
            return isFree ? layers : null;
        }
    }

    /// <summary>A layer that stands for others, with these at their places: their problems are those of the attribute.</summary>
    /// <param name="scope">In front of their names.</param>
    private LayerSpec Composed(LayerSpec layer, string scope, AttributeSyntaxMap syntax)
    {
        foreach (LayerSpec inner in layer.Members)
            map.Add(scope + inner.Name, syntax.Renamed(ComposedLayers.ArgumentsOf(inner)));
        return layer with
        {
            Scopes = layer.Scopes.Select(block => block with
            {
                Layers = block.Layers.Select(inner => inner with { IsFrozen = _isFrozen, IsFrozenHere = _isFrozenHere })
                    .ToEquatableArray(),
            }).ToEquatableArray(),
        };
    }

    /// <summary>The layers of a block that an attribute names; null where it cannot be used, which has been reported then.</summary>
    /// <param name="number">Number of the type argument.</param>
    private EquatableArray<LayerSpec>? ReadBlock(Entry entry, AttributeSyntaxMap syntax, int number, string scope, LayerNames names,
        IReadOnlyList<GivenConstant> constants)
    {
        if (entry.Data.AttributeClass!.TypeArguments[number] is not { TypeKind: not TypeKind.Error } argument)
            return null;

        Location location = syntax.Locate(ProblemPlace.TypeArgument(number));
        if (argument is not INamedTypeSymbol block || !Symbols.HasAttribute(block, Symbols.BlockAttribute))
        {
            Location? declaration = argument.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken).GetLocation();
            report(Diagnostic.Create(DiagnosticDescriptors.NotABlock, location, declaration is null ? [] : new[] { declaration },
                ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Declaration, argument.Name), entry.TypeName,
                argument.ToDisplayString()));
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
        if (IsTooDeep())
            return null;

        if (!TryGive(constants, block, entry, syntax, out BlockConstants? given))
            return null;
        _openBlocks.Add(block);
        BlockConstants? around = _constants;
        _constants = given;
        ReadStack stack = ReadStack(block, StackKind.Block, scope, names);
        _constants = around;
        _openBlocks.RemoveAt(_openBlocks.Count - 1);
        return stack.IsOrdered ? stack.Layers : null;
    }

    /// <summary>The layers of a network that an attribute names; null where it cannot be a part, which has been reported then.</summary>
    /// <param name="number">Number of the type argument.</param>
    private EquatableArray<LayerSpec>? ReadPart(Entry entry, AttributeSyntaxMap syntax, int number, string scope)
    {
        if (entry.Data.AttributeClass!.TypeArguments[number] is not { TypeKind: not TypeKind.Error } argument)
            return null;
        if (argument is not INamedTypeSymbol network || NetworkType.Of(network) is null)
            return Refuse("it is not marked [Network]");
        if (!SymbolEqualityComparer.Default.Equals(network.ContainingAssembly, _root!.ContainingAssembly))
            return Refuse($"it comes from the assembly '{network.ContainingAssembly.Name}', where the order of its attributes is not kept");
        if (TypeReach.Obstacle(network) is { } obstacle)
            return Refuse($"generated code cannot name it, since {obstacle}");
        if (SymbolEqualityComparer.Default.Equals(network, _root) || _openParts.Contains(network, SymbolEqualityComparer.Default))
            return Refuse("it contains itself");
        if (InferenceOnlyRules.WeightsOf(network) is not WeightFormat.Float32 and var format)
            return Refuse($"it keeps its weights as {format}, which networks around it do not");
        if (IsTooDeep())
            return null;

        _openParts.Add(network);
        (BlockConstants? around, _constants) = (_constants, null);
        ReadStack stack = ReadStack(network, StackKind.Part, scope, new LayerNames(network.Name, outer: null, report));
        _constants = around;
        _openParts.RemoveAt(_openParts.Count - 1);
        if (stack.Layers.Any(layer => layer is InputSpec or OutputSpec))
            return Refuse("it has inputs or outputs by name; a part has one of each, and says the dimensions of its input in [Network(…)]");
        return stack.IsOrdered ? stack.Layers : null;

        EquatableArray<LayerSpec>? Refuse(string reason)
        {
            report(Diagnostic.Create(DiagnosticDescriptors.NotAPart, syntax.Locate(ProblemPlace.TypeArgument(number)),
                argument.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), reason));
            return null;
        }
    }

    /// <summary>Gives values to a block's constants, in the order of their declaration.</summary>
    /// <param name="given">Null where none are given.</param>
    /// <returns>False if they do not fit, which has been reported.</returns>
    private bool TryGive(IReadOnlyList<GivenConstant> constants, INamedTypeSymbol block, Entry entry, AttributeSyntaxMap syntax,
        out BlockConstants? given)
    {
        given = null;
        if (constants.Count == 0)
            return true;
        IReadOnlyList<IFieldSymbol> fields = BlockConstants.Of(block);
        if (constants.Count > fields.Count)
        {
            string known = fields.Count == 0 ? $"no constant of type {BlockConstants.Types}"
                : $"{MessageText.Count(fields.Count, "constant")}: "
                + string.Join(", ", fields.Select(field => $"{BlockConstants.TypeName(field)} {field.Name}"));
            report(Diagnostic.Create(DiagnosticDescriptors.TooManyConstants, syntax.Locate("constants", constants[fields.Count].Element),
                entry.TypeName, MessageText.Count(constants.Count, "value"), block.Name, known));
            return false;
        }

        var values = new Dictionary<ISymbol, object?>(SymbolEqualityComparer.Default);
        for (int i = 0; i < constants.Count; i++)
        {
            if (BlockConstants.Convert(constants[i].Value, fields[i].Type, compilation) is { HasValue: true } value)
                values.Add(fields[i], value.Value);
            else
            {
                report(Diagnostic.Create(DiagnosticDescriptors.WrongConstantType, syntax.Locate("constants", constants[i].Element),
                    fields[i].Name, block.Name, BlockConstants.TypeName(fields[i]), entry.TypeName, constants[i].Value.InWords));
            }
        }
        given = new BlockConstants(_models, block, values);
        return values.Count == constants.Count;
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
            if (entry.Meant is null)
                CheckArguments(entry);
            else
                ReportMisspelt(entry);
            var syntax = new AttributeSyntaxMap(entry.Syntax, entry.Data.AttributeConstructor);
            var values = new AttributeValues(entry.Data, entry.TypeName, syntax, report, constants: null);
            // Those of named outputs are looked at when the outputs are known.
            if (first is not null && (kind is null || kind.OutputArguments.All(argument => values.Find(argument) is null)))
            {
                report(Diagnostic.Create(DiagnosticDescriptors.SeveralLosses, location, entry.TypeName, first.TypeName));
                continue;
            }
            first ??= entry;
            if (kind is not null)
            {
                map.Add(ProblemPlace.LossAt(losses.Count), syntax);
                var arguments = new LayerArguments(values, blocks: [], syntax, report, (_, _, _) => null,
                    name => new ValueMeaning(name, IsHidden: false));
                losses.Add(kind.Read(arguments) with
                {
                    Of = kind.OutputArguments.Select(argument => arguments.OptionalText(argument, "the name of an output"))
                        .OfType<string>().ToEquatableArray(),
                    Factor = arguments.Double("factor", 1),
                });
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

    /// <summary>NG2070, where the name is near to one that there is.</summary>
    private void ReportMisspelt(Entry entry)
    {
        if (LayerSpelling.Find(entry.Syntax, _isVector) is not { } meant || LayerSpelling.SimpleName(entry.Syntax) is not { } name)
            return;
        report(Diagnostic.Create(DiagnosticDescriptors.LayerOfAnotherName, entry.Syntax.Name.GetLocation(),
            ImmutableDictionary<string, string?>.Empty.Add(FixProperties.LayerName, meant.Text), meant.IsLoss ? "loss" : "layer",
            name.Identifier.ValueText, meant.Text));
        if (MisspeltAttribute.Of(entry.Syntax, compilation) is { } misspelt)
            _misspelt.Add(misspelt);
        if (compilation.GetTypeByMetadataName(meant.MetadataName) is { } attributeClass)
            new OptionRules(meant.Name, attributeClass, report).Check(entry.Syntax, isResolved: false, isThere: false);
    }

    /// <summary>What the compiler refuses of an attribute's arguments, in words that help.</summary>
    private void CheckArguments(Entry entry)
    {
        // Mostly all is as it should be.
        bool compiles = AttributeValues.Compiles(entry.Data);
        int options = entry.Syntax.ArgumentList?.Arguments.Count(one => one.NameEquals is not null) ?? 0;
        if (compiles && entry.Data.NamedArguments.Length == options)
            return;
        INamedTypeSymbol attributeClass = entry.Data.AttributeClass!;
        bool isResolved = entry.Data.AttributeConstructor is not null;
        new OptionRules(entry.TypeName, attributeClass, report).Check(entry.Syntax, isResolved, isThere: true);
        if (!compiles)
            new ConstantRules(entry.TypeName, attributeClass, _models, report, cancellationToken).Check(entry.Syntax);
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
            // A class of the name may be none of an attribute, such as CrossEntropy.
            MeantLayer? meant = kind == EntryKind.Unresolved || (kind is null && !Symbols.DerivesFrom(attributeClass, "System.Attribute"))
                ? LayerSpelling.Find(syntax, isVector: false) : null;
            if (meant is not null)
                kind = meant.IsLoss ? EntryKind.Loss : EntryKind.Unresolved;
            if (kind is EntryKind known)
                entries.Add(new Entry(known, attribute, syntax, meant is { IsLoss: true } ? meant : null));
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

    /// <summary>No further block or part can begin inside of those that are being read, which has been reported then.</summary>
    private bool IsTooDeep()
    {
        if (_openBlocks.Count + _openParts.Count < MaxDepth)
            return false;
        ReportLimit($"{MessageText.Number(MaxDepth)} blocks inside one another");
        return true;
    }

    private void ReportLimit(string limit)
    {
        if (_limitReported)
            return;
        _limitReported = true;
        report(Diagnostic.Create(DiagnosticDescriptors.TooManyLayers, _root!.Locations[0], _root.Name, limit));
    }

    /// <summary>What the layers of a class are read as.</summary>
    private enum StackKind
    {
        Network,
        Block,

        /// <summary>A network in another, whose loss means nothing there and whose mistakes are its own.</summary>
        Part,
    }

    private enum EntryKind
    {
        Layer,
        Loss,

        /// <summary>An attribute that the compiler does not find: perhaps a misspelt layer.</summary>
        Unresolved,
    }

    /// <param name="meant">The loss that a misspelt name means; null where it is spelt right or no loss.</param>
    private sealed class Entry(EntryKind kind, AttributeData data, AttributeSyntax syntax, MeantLayer? meant = null)
    {
        public MeantLayer? Meant => meant;

        public EntryKind Kind => kind;

        public AttributeData Data => data;

        public AttributeSyntax Syntax => syntax;

        /// <summary>The class declaration that carries the attribute.</summary>
        public SyntaxNode? Declaration => syntax.Parent?.Parent;

        /// <summary>Full metadata name of the attribute.</summary>
        public string MetadataName { get; } = meant?.MetadataName ?? Symbols.MetadataName(data.AttributeClass!);

        /// <summary>The attribute's name as the user writes it.</summary>
        public string TypeName { get; } = meant?.Name ?? Symbols.ShortAttributeName(data.AttributeClass!);
    }
}
