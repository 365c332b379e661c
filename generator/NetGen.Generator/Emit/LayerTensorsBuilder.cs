using NetGen.Generator.Cpu;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>
/// Makes the classes that show a network's tensors: one for each layer, and for the layers of a Repeat one for all of its blocks, so that
/// the text does not grow with their number.
/// </summary>
internal sealed class LayerTensorsBuilder(ParameterTable parameters, PackingPlan packing)
{
    private const string Services = "global::NetGen.CompilerServices.";

    /// <summary>Layers side by side, as one block of a class has them.</summary>
    /// <param name="Path">In front of the layers' paths.</param>
    /// <param name="Learned">Offset of the first learned tensor.</param>
    /// <param name="Buffers">Offset of the first buffer.</param>
    /// <param name="Frozen">Offset of the first frozen tensor.</param>
    private sealed record Block(string Path, int Learned, int Buffers, int Frozen, IReadOnlyList<InferredLayer> Layers)
    {
        /// <summary>What the class is told of where a tensor's like begin, under which name, and the offset in this block.</summary>
        public (TensorOrigin Origin, string Name, int Begin) PlaceOf(ParameterInfo tensor)
            => tensor.IsFrozen ? (TensorOrigin.Frozen, "frozen", Frozen)
            : tensor.IsLearned ? (TensorOrigin.Learned, "learned", Learned)
            : (TensorOrigin.Buffers, "buffers", Buffers);
    }

    /// <summary>What is written once.</summary>
    /// <param name="Forms">A block for each form that the repetitions have; just one where they are alike.</param>
    /// <param name="IsRepeated">The class is told where a block begins.</param>
    /// <param name="Prefix">The properties on the way to the layers, one behind the other.</param>
    /// <param name="Place">Where the layers stand, in words; empty for those of the network itself.</param>
    private sealed record Scope(IReadOnlyList<Block> Forms, bool IsRepeated, string Prefix, string Place)
    {
        /// <summary>The layers at one place, with those inside.</summary>
        public Scope Of(IReadOnlyList<InferredLayer> layers, string property) => this with
        {
            Forms = [.. Forms.Zip(layers, (block, layer) => block with { Layers = [.. layer.Members] })],
            Prefix = Prefix + property,
        };

        /// <summary>The path of what lies in the first form, as an expression.</summary>
        public string PathOf(string path)
            => IsRepeated ? "path + " + Literals.String(path.Substring(Forms[0].Path.Length)) : Literals.String(path);
    }

    /// <summary>The layers of a network.</summary>
    public IReadOnlyList<LayerTensors> Build(IReadOnlyList<InferredLayer> layers)
        => Layers(new Scope([new Block("", 0, 0, 0, layers)], IsRepeated: false, Prefix: "", Place: ""));

    private IReadOnlyList<LayerTensors> Layers(Scope scope)
    {
        InferredLayer[][] forms = [.. scope.Forms.Select(block => block.Layers.SelectMany(layer => layer.Named).ToArray())];
        InferredLayer[] first = forms[0];
        return [.. Enumerable.Range(0, first.Length)
            .Where(i => LayerRegistry.HasParameters(first[i].Spec))
            .Select(i => Layer(scope, [.. forms.Select(form => form[i])]))];
    }

    /// <param name="layers">The layer in each form.</param>
    private LayerTensors Layer(Scope scope, IReadOnlyList<InferredLayer> layers)
    {
        if (LayerRegistry.For(layers[0].Spec).Repeats(layers[0].Spec))
            return Repeat(scope, layers);

        string property = layers[0].Spec.PropertyName, title = OneOf(layers.Select(Title));
        IReadOnlyList<ParameterInfo>[] own = [.. layers.Select(parameters.Of)];
        var origin = TensorOrigin.None;
        var tensors = new List<LayerTensors.Tensor>();
        for (int i = 0; i < own[0].Count; i++)
            tensors.Add(Tensor(scope, [.. own.Select(tensorsOfForm => tensorsOfForm[i])], ref origin));
        IReadOnlyList<LayerTensors> inner = Layers(scope.Of(layers, property));
        string path = layers[0].Path.Substring(scope.Forms[0].Path.Length).TrimStart('.');
        return new LayerTensors(
            property, NetworkMembers.ParametersOf(scope.Prefix + property), $"{path}{scope.Place}, {title}", title, tensors, inner)
        {
            Origin = inner.Aggregate(origin, (all, layer) => all | Asked(layer)) | OfFrozen(layers[0], inner),
            IsFrozen = layers[0].Spec.IsFrozen,
            Part = scope.Prefix.Length == 0 && layers[0].Spec is PartSpec { Shares: null } part ? PartOf(part, layers[0].Path) : null,
        };
    }

    private PartTensors PartOf(PartSpec part, string path)
    {
        (int offset, int length) = packing.PlaceOf(path);
        return new PartTensors(part.FullName, part.Access, offset, length);
    }

    /// <summary>A class that makes something of frozen layers is told whether these have tensors in its buffer.</summary>
    private static TensorOrigin OfFrozen(InferredLayer around, IReadOnlyList<LayerTensors> inner)
        => !around.Spec.IsFrozen && inner.Any(layer => layer.IsFrozen) ? TensorOrigin.Gradients : TensorOrigin.None;

    /// <summary>What the class around is told for the sake of a layer in it.</summary>
    private static TensorOrigin Asked(LayerTensors layer) => layer.Repeated is { } repeated ? repeated.Origin : layer.Origin;

    private LayerTensors Repeat(Scope scope, IReadOnlyList<InferredLayer> layers)
    {
        string property = layers[0].Spec.PropertyName, title = OneOf(layers.Select(Title));
        // Blocks with the same figures, relative to where they begin, are of one form.
        var formOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var forms = new List<Block>();
        Block[][] blocks = [.. layers.Select(layer => layer.Scopes.Select(Begin).ToArray())];
        int[][] numbers = [.. blocks.Select(side => side.Select(FormOf).ToArray())];

        InferredScope first = layers[0].Scopes[0];
        string path = layers[0].Path.Substring(scope.Forms[0].Path.Length).TrimStart('.');
        string place = $" in a block of {path}{scope.Place}";
        IReadOnlyList<LayerTensors> inner = Layers(new Scope(forms, IsRepeated: true, scope.Prefix + property, place));
        TensorOrigin origin = inner.Aggregate(OfFrozen(layers[0], inner), (all, layer) => all | Asked(layer));

        var asked = scope.IsRepeated ? origin & ~TensorOrigin.Form : TensorOrigin.None;
        var arguments = new List<string>();
        if (origin.Has(TensorOrigin.Path))
            arguments.Add(NumberedPath(scope, first.Path));
        if (origin.Has(TensorOrigin.Learned))
            arguments.Add(Offsets("learned", block => block.Learned));
        if (origin.Has(TensorOrigin.Buffers))
            arguments.Add(Offsets("buffers", block => block.Buffers));
        if (origin.Has(TensorOrigin.Frozen))
            arguments.Add(Offsets("frozen", block => block.Frozen));
        if (origin.Has(TensorOrigin.Form))
            arguments.Add(ByForm(numbers.Select(FormText.OfIndex), ref asked));
        if (origin.Has(TensorOrigin.Gradients))
        {
            arguments.Add(TensorOrigins.Gradients);
            asked |= TensorOrigin.Gradients;
        }
        return new LayerTensors(
            property, NetworkMembers.ParametersOf(scope.Prefix + property),
            $"a block of {path}{scope.Place}, {first.Spec.Title}", title, [], inner)
        {
            Origin = origin,
            IsRepeated = true,
            IsFrozen = layers[0].Spec.IsFrozen,
            Repeated = new RepeatedTensors(blocks[0].Length, arguments, asked),
        };

        int FormOf(Block block)
        {
            string figures = string.Join(";", Tensors(block.Layers).Select(tensor => Figures(tensor, block)));
            if (!formOf.TryGetValue(figures, out int form))
            {
                formOf.Add(figures, form = forms.Count);
                forms.Add(block);
            }
            return form;
        }

        string Offsets(string origin, Func<Block, int> offset)
        {
            IEnumerable<string> byForm = blocks.Zip(scope.Forms, (side, around)
                => FormText.OfIndex([.. side.Select(block => offset(block) - offset(around))]));
            string offsets = ByForm(byForm, ref asked);
            return scope.IsRepeated ? FormText.Sum(origin, offsets) : offsets;
        }
    }

    /// <summary>The path of the block of index <c>i</c>: their names end in a number.</summary>
    /// <param name="first">That of the first.</param>
    private static string NumberedPath(Scope scope, string first)
    {
        string stem = first.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), number = first.Substring(stem.Length);
        return $"{scope.PathOf(stem)} + {(number == "0" ? "i" : $"(i + {number})")}";
    }

    private Block Begin(InferredScope scope)
    {
        var block = new Block(scope.Path, int.MaxValue, int.MaxValue, int.MaxValue, scope.Layers);
        foreach (ParameterInfo tensor in Tensors(scope.Layers))
        {
            int begin = Math.Min(block.PlaceOf(tensor).Begin, tensor.Offset);
            block = block.PlaceOf(tensor).Origin switch
            {
                TensorOrigin.Learned => block with { Learned = begin },
                TensorOrigin.Buffers => block with { Buffers = begin },
                _ => block with { Frozen = begin },
            };
        }
        return block;
    }

    private IEnumerable<ParameterInfo> Tensors(IEnumerable<InferredLayer> layers)
        => layers.SelectMany(layer => parameters.Of(layer).Concat(Tensors(layer.Members)));

    /// <summary>All that a tensor's constructor is given but its path, to tell forms apart.</summary>
    private static string Figures(ParameterInfo tensor, Block block)
    {
        string dimensions = string.Join("|", tensor.Packed.Dimensions.Select(dimension => string.Join(",", FiguresOf(dimension))));
        string initial = tensor.InitialValue is { } value ? Literals.Float(value) : "";
        return $"{string.Join(",", tensor.Shape)}/{OffsetIn(block, tensor)}/{dimensions}/{tensor.FanIn}/{tensor.FanOut}/{initial}"
            + $"/{tensor.Table?.PaddingRow}/{tensor.Start}";
    }

    private static int OffsetIn(Block block, ParameterInfo tensor) => tensor.Offset - block.PlaceOf(tensor).Begin;

    private static int[] FiguresOf(PackedDimension dimension)
        => [dimension.Extent, dimension.Block, dimension.OuterStride, dimension.InnerStride];

    /// <param name="byForm">The tensor in each form.</param>
    private static LayerTensors.Tensor Tensor(Scope scope, IReadOnlyList<ParameterInfo> byForm, ref TensorOrigin origin)
    {
        ParameterInfo first = byForm[0];
        string shapes = OneOf(byForm.Select(tensor => $"[{Numbers(tensor.Shape)}]"));
        string order = first.Shape.Count > 1 ? ", in PyTorch's order" : "";
        string shape = FormText.ChooseArray([.. byForm.Select(tensor => tensor.Shape)]);
        string offset = FormText.Choose(byForm.Zip(scope.Forms, (tensor, block) => OffsetIn(block, tensor)));
        string fanIn = FormText.Choose(byForm.Select(tensor => tensor.FanIn));
        string fanOut = FormText.Choose(byForm.Select(tensor => tensor.FanOut));
        string initial = byForm.All(tensor => tensor.InitialValue is null) ? ""
            : ", " + FormText.Choose([.. byForm.Select(tensor => Literals.Float(tensor.InitialValue ?? float.NaN))]);
        string table = first.Table is null ? ""
            : ", isTable: true" + (byForm.All(tensor => tensor.Table!.PaddingRow is null) ? ""
                : ", paddingRow: " + FormText.Choose(byForm.Select(tensor => tensor.Table!.PaddingRow ?? -1)));
        string start = first.Start is null ? "" : (first.Start.IsXavier ? ", isXavier: true" : "")
            + (byForm.All(tensor => tensor.Start is { Gain: 1 }) ? ""
                : ", gain: " + FormText.Choose([.. byForm.Select(tensor => Literals.Float(tensor.Start!.Gain))])
                    + ", gainFrom: " + FormText.Choose(byForm.Select(tensor => tensor.Start!.GainFrom)));
        string format = first.Packed.Format == WeightFormat.Float32 ? "" : $", format: global::NetGen.WeightFormat.{first.Packed.Format}";
        string layout = FormText.Choose([.. byForm.Select(Layout)]);
        if (scope.IsRepeated)
        {
            (TensorOrigin place, string begin, _) = scope.Forms[0].PlaceOf(first);
            origin |= TensorOrigin.Path | place;
            if (scope.Forms.Zip(byForm, (block, tensor) => Figures(tensor, block)).Distinct().Skip(1).Any())
                origin |= TensorOrigin.Form;
            offset = FormText.Sum(begin, offset);
        }
        return new LayerTensors.Tensor(first.PropertyName, $"{shapes}{order}.",
            $"new {RuntimeTypes.Parameter}({scope.PathOf(first.Path)}, {shape}, storage, {offset}, {layout}, "
            + $"global::NetGen.ParameterKind.{first.Role}, {fanIn}, {fanOut}{initial}"
            + $"{(first.IsFrozen ? ", isFrozen: true" : "")}{table}{start}{format})");
    }

    private static string Layout(ParameterInfo parameter)
    {
        IEnumerable<string> dimensions = parameter.Packed.Dimensions.Select(dimension
            => $"new {Services}TensorDimension({Numbers(FiguresOf(dimension))})");
        return $"new {Services}TensorLayout({string.Join(", ", dimensions)})";
    }

    private static string Numbers(IEnumerable<int> numbers) => string.Join(", ", numbers.Select(number => Literals.Int(number)));

    private static string ByForm(IEnumerable<string> texts, ref TensorOrigin asked)
    {
        string[] byForm = [.. texts];
        if (byForm.Distinct().Skip(1).Any())
            asked |= TensorOrigin.Form;
        return FormText.Choose(byForm);
    }

    private static string Title(InferredLayer layer) => LayerRegistry.For(layer.Spec).Title(layer);

    /// <summary>What is said of layers that differ from repetition to repetition.</summary>
    private static string OneOf(IEnumerable<string> texts) => string.Join(" or ", texts.Distinct());
}
