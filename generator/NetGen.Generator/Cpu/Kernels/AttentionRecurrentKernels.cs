using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The steps of a GRU that looks at a memory, over blocks of samples: the products of all rows of a block share one reading of their
/// weights, each row looks at its own sample's memory.
/// </summary>
/// <param name="initial">Where the states before the first step lie; null where they are zero.</param>
internal sealed class AttentionRecurrentKernels(MemoryGeometry g, string name, string summary, Layout? initial)
{
    private readonly RecurrentLoops _loops = new(g.Steps) { KeepsOrder = true };

    private bool IsAdditive => g.Attention.IsAdditive;

    private RecurrentGeometry Steps => g.Steps;

    private string Active => _loops.Active;

    private IEnumerable<KernelParameter> Starts => If(Steps.HasLengths, Ints("starts")).Concat(If(g.HasLengths, Ints("memoryStarts")));

    /// <param name="layouts">Of what the steps read and give, by name; null for what nobody asks for.</param>
    public Kernel Forward(bool hasBias, params (string Name, Layout? Layout)[] layouts)
    {
        RecurrentStream[] streams = RecurrentStream.Of(layouts), cells = [.. streams.Where(stream => !IsOfMemory(stream))];
        Kernel attend = new MemoryKernels(g, name + "Attention", $"{summary} Looks at the memory.").Attend(),
            product = Product("Product", g.Steps.Hidden, g.Products, Steps.StateStride, hasBias),
            query = Product("Query", g.Steps.Hidden, g.Queries, Steps.StateStride, hasBias: false, g.Attention.Size),
            context = Product("Context", g.Attention.Features, g.ContextProducts, g.Contexts.Stride, hasBias: false),
            cell = Cell(cells);
        return new Kernel(name, summary, _loops.Remarks(streams),
            [
                .. streams.Select(stream => Floats(stream.Name)), Floats("keys"), Floats("memory"),
                .. If(initial is not null, Floats("initial")), .. Starts, Floats("weights"), .. If(hasBias, Floats("bias")),
                Floats("contextWeights"), .. If(IsAdditive, Floats("queryWeights"), Floats("score")), Floats("scratch"), Samples,
            ],
            (writer, _, names) => _loops.EmitBlocks(writer, [g.States], isBackward: false, () =>
            {
                writer.Line($"{names.Use(product)}(scratch, weights, {(hasBias ? "bias, " : "")}{g.Products.At}, {Active});");
                if (IsAdditive)
                    writer.Line($"{names.Use(query)}(scratch, queryWeights, {g.Queries.At}, {Active});");
                string scores = Literals.Plus("scratch", g.Scores);
                using (writer.Block($"for (int row = 0; row < {Active}; row++)"))
                {
                    EmitSample(writer, _loops.SampleOfRow);
                    writer.Line($"{names.Use(attend)}({g.Queries.OfRow}, {Key("keys")}, {Memory("memory")}, {Score}{scores}, "
                        + $"{g.Contexts.OfRow}{Count});");
                    EmitKeep(writer, streams, "queries", g.Queries.OfRow);
                    EmitKeep(writer, streams, "attention", scores);
                    EmitKeep(writer, streams, "contexts", g.Contexts.OfRow);
                }
                writer.Line($"{names.Use(context)}({g.Contexts.At}, contextWeights, {g.ContextProducts.At}, {Active});");
                writer.Line(_loops.Call(names.Use(cell), cells));
            }, begin: initial is null ? null : () => _loops.EmitToRows(writer, "initial", g.States)))
        {
            IsHot = false,
            TakesAllSamples = true,
        };
    }

    /// <param name="layouts">As of <see cref="Forward"/>: gradients first, then what the forward pass has kept, then what is given.</param>
    public Kernel Gradient(params (string Name, Layout? Layout)[] layouts)
    {
        RecurrentStream[] streams = RecurrentStream.Of(layouts),
            cells = [.. streams.Where(stream => stream.Name is "stateGradient" or "previous" or "gates" or "inputGradient" or "ofState")];
        bool hasWeights = streams.Any(stream => stream.Name == "attentionGradient");
        Kernel attend = new MemoryKernels(g, name + "Attention", $"{summary} Back from the memory.").Gradient(hasWeights),
            product = Back("Product", g.ProductGradients, Steps.Hidden, Steps.StateStride),
            context = Back("Context", g.InputGradients, g.Attention.Features, g.ContextGradients.Stride),
            ofQuery = Back("Query", g.QueryGradients, Steps.Hidden, Steps.StateStride, Layout.RoundUp(g.Attention.Size)),
            cell = CellGradient(cells);
        return new Kernel(name, summary, _loops.Remarks(streams),
            [
                .. streams.Select(stream => Floats(stream.Name)), Floats("keys"), Floats("memory"), Floats("keyGradient"),
                Floats("memoryGradient"), .. If(initial is not null, Floats("initialGradient")), .. Starts, Floats("weights"),
                Floats("contextWeights"), .. If(IsAdditive, Floats("queryWeights"), Floats("score")), Floats("scratch"), Samples,
            ],
            (writer, isa, names) => _loops.EmitBlocks(writer, [g.States, g.Bypass, g.OfQueries], isBackward: true, () =>
            {
                writer.Line(_loops.Call(names.Use(cell), cells));
                writer.Line($"{names.Use(product)}({g.ProductGradients.At}, weights, scratch, {Active});");
                writer.Line($"{names.Use(context)}({g.InputGradients.At}, contextWeights, {g.ContextGradients.At}, {Active});");
                using (writer.Block($"for (int row = 0; row < {Active}; row++)"))
                {
                    EmitSample(writer, _loops.SampleOfRow);
                    if (streams.FirstOrDefault(stream => stream.Name == "contextGradient") is { } ofContext)
                        EmitAdd(writer, isa, ofContext);
                    string ofWeights = hasWeights ? OfRow(streams, "attentionGradient") + ", " : "",
                        ofScore = IsAdditive ? ", " + OfRow(streams, "ofScore") : "";
                    string query = OfRow(streams, IsAdditive ? "queries" : "previous"), slopes = Literals.Plus("scratch", g.Slopes);
                    writer.Line($"{names.Use(attend)}({query}, {Key("keys")}, {Memory("memory")}, {Score}{OfRow(streams, "attention")}, "
                        + $"{g.ContextGradients.OfRow}, {ofWeights}{slopes}, {Key("keyGradient")}, {Memory("memoryGradient")}, "
                        + $"{g.QueryGradients.OfRow}{ofScore}{Count});");
                    if (IsAdditive)
                        EmitKeep(writer, streams, "ofQuery", g.QueryGradients.OfRow);
                }
                if (IsAdditive)
                    writer.Line($"{names.Use(ofQuery)}({g.QueryGradients.At}, queryWeights, {g.OfQueries.At}, {Active});");
            }, begin: () => EmitClear(writer), end: initial is null ? null
                : () => _loops.EmitFromRows(writer, isa, "initialGradient", g.States, g.Bypass, g.OfQueries)))
        {
            IsHot = false,
            TakesAllSamples = true,
        };
    }

    private static bool IsOfMemory(RecurrentStream stream) => stream.Name is "attention" or "contexts" or "queries";

    private string Score => IsAdditive ? "score, " : "";

    private string Count => g.HasLengths ? ", count" : "";

    /// <summary>The keys of a row's sample, or their gradients; likewise <see cref="Memory"/>.</summary>
    private string Key(string pointer) => OfSample(pointer, g.Key);

    private string Memory(string pointer) => OfSample(pointer, g.Memory);

    private string OfSample(string pointer, Layout layout)
        => g.HasLengths ? $"{pointer} + begin * {Literals.Int(layout.Pitch)}L" : $"{pointer} + n * {Literals.Int(layout.SampleStride)}L";

    /// <summary>A row's place, going back, in a value of the step in hand.</summary>
    private string OfRow(RecurrentStream stream) => _loops.OfRow(stream, isBackward: true, hasPassed: true);

    private string OfRow(IReadOnlyList<RecurrentStream> streams, string name) => OfRow(streams.First(stream => stream.Name == name));

    /// <summary>Declares which sample a row is, and where its memory begins.</summary>
    private void EmitSample(SourceWriter writer, string sample)
    {
        writer.Line($"int n = {sample};");
        if (g.HasLengths)
            writer.Line("int begin = memoryStarts[n] - memoryStarts[0], count = memoryStarts[n + 1] - memoryStarts[n];");
    }

    /// <summary>Writes a row of working memory to a value, where somebody asks for it.</summary>
    private void EmitKeep(SourceWriter writer, IReadOnlyList<RecurrentStream> streams, string name, string row)
    {
        if (streams.FirstOrDefault(stream => stream.Name == name) is not { } stream)
            return;
        string length = Literals.Int(stream.Row);
        string to = name == "ofQuery" ? OfRow(stream) : _loops.OfRow(stream, isBackward: false, hasPassed: false);
        writer.Line($"new ReadOnlySpan<float>({row}, {length}).CopyTo(new Span<float>({to}, {length}));");
    }

    /// <summary>Adds the gradient of the contexts that comes from elsewhere.</summary>
    private void EmitAdd(SourceWriter writer, VectorIsa isa, RecurrentStream ofContext)
    {
        writer.Line($"float* own = {OfRow(ofContext)}, all = {g.ContextGradients.OfRow};");
        using (writer.Block($"for (int i = 0; i < {Literals.Int(ofContext.Row)}; i += {Literals.Int(isa.Lanes)})"))
            writer.Line(isa.Store($"({isa.Load("all + i")} + {isa.Load("own + i")})", "all + i"));
    }

    /// <summary>The gradients of keys and memory, to which each step adds.</summary>
    private void EmitClear(SourceWriter writer)
    {
        using (writer.Block("for (int row = 0; row < rows; row++)"))
        {
            EmitSample(writer, "first + row");
            writer.Line($"new Span<float>({Key("keyGradient")}, {Length(g.Key)}).Clear();");
            writer.Line($"new Span<float>({Memory("memoryGradient")}, {Length(g.Memory)}).Clear();");
        }

        string Length(Layout layout) => g.HasLengths ? $"count * {Literals.Int(layout.Pitch)}" : Literals.Int(layout.SampleStride);
    }

    /// <summary>Products of a step's rows; of all gates, where no number of results is given.</summary>
    private Kernel Product(string kind, int inFeatures, RecurrentRows to, int stride, bool hasBias, int? outFeatures = null)
        => LinearKernels.Create(name + kind, $"{summary} Products of a step.", new LinearKernels.Geometry
        {
            InFeatures = inFeatures,
            OutFeatures = outFeatures ?? Steps.Gates * Steps.Lanes,
            InputStride = stride,
            OutputStride = to.Stride,
        }, hasBias, null, null);

    private Kernel Back(string kind, RecurrentRows from, int outFeatures, int stride, int? inFeatures = null)
        => LinearKernels.Create(name + kind, $"{summary} Products of a step.", new LinearKernels.Geometry
        {
            InFeatures = inFeatures ?? Steps.Gates * Steps.Lanes,
            OutFeatures = outFeatures,
            InputStride = from.Stride,
            OutputStride = stride,
        }, hasBias: false, null, null);

    private Kernel Cell(IReadOnlyList<RecurrentStream> streams) => new(name + "Cell", $"{summary} Cells of a step.",
        $"{Literals.Int(Steps.Lanes)} units with their padding; what pads them stays zero.", CellParameters(streams),
        (writer, isa, names) => _loops.EmitUnits(writer, isa, streams, isBackward: false, () =>
        {
            var vectors = new VectorCode(isa, names);
            ElementValue[] inputs = Gates(vectors, "input", Steps.Gates), contexts = Gates(vectors, "contextProducts", Steps.Gates);
            ElementProgram program = RecurrentFunctions.GRU([.. inputs.Zip(contexts, (input, context) => input + context)],
                Gates(vectors, "products", Steps.Gates), vectors.Load("scratch + i"));
            vectors.Write(writer, program);
            string[] results = [.. program.Results.Select(result => vectors.Text(new ElementValue(result)))];
            if (streams.Any(stream => stream.Name == "previous"))
                writer.Line(isa.Store(isa.Load("scratch + i"), "previous + i"));
            writer.Line($"{isa.Type} h = {results[0]};");
            writer.Line(isa.Store("h", "scratch + i"));
            writer.Line(isa.Store("h", "states + i"));
            if (!streams.Any(stream => stream.Name == "gates"))
                return;
            for (int gate = 0; gate < AttentionRecurrentOp.SavedGates; gate++)
                writer.Line(isa.Store(results[gate + 1], OfGate("gates", gate)));
        }, g.Products, g.ContextProducts));

    private Kernel CellGradient(IReadOnlyList<RecurrentStream> streams) => new(name + "Cell", $"{summary} Cells of a step.",
        $"{Literals.Int(Steps.Lanes)} units with their padding; what pads them stays zero.", CellParameters(streams),
        (writer, isa, names) => _loops.EmitUnits(writer, isa, streams, isBackward: true, () =>
        {
            var vectors = new VectorCode(isa, names);
            ElementValue gradient = vectors.Load("scratch + i") + vectors.Load("bypass + i") + vectors.Load("ofQueries + i");
            if (streams.Any(stream => stream.Name == "stateGradient"))
                gradient += vectors.Load("stateGradient + i");
            ElementProgram program = RecurrentFunctions.GRUGradient(
                Gates(vectors, "gates", AttentionRecurrentOp.SavedGates), vectors.Load("previous + i"), gradient);
            vectors.Write(writer, program);
            string[] results = [.. program.Results.Select(result => vectors.Text(new ElementValue(result)))];
            for (int gate = 0; gate < Steps.Gates; gate++)
            {
                string variable = "gradient" + Literals.Int(gate);
                writer.Line($"{isa.Type} {variable} = {results[gate]};");
                writer.Line(isa.Store(variable, OfGate("inputGradient", gate)));
                writer.Line(isa.Store(variable, OfGate("inputProducts", gate)));
                // Of the reset gate's product, which it multiplies.
                string ofState = gate == 2 ? results[3] : variable;
                writer.Line(isa.Store(ofState, OfGate("ofState", gate)));
                writer.Line(isa.Store(ofState, OfGate("products", gate)));
            }
            writer.Line(isa.Store(results[results.Length - 1], "bypass + i"));
        }, g.ProductGradients, g.Bypass, g.InputGradients, g.OfQueries));

    private IReadOnlyList<KernelParameter> CellParameters(IReadOnlyList<RecurrentStream> streams)
        => [.. streams.Select(stream => Floats(stream.Base)), .. If(Steps.HasLengths, Ints("places")), Floats("scratch"), Int("rows")];

    private string OfGate(string pointer, int gate) => Literals.Plus(pointer, gate * Steps.Lanes) + " + i";

    private ElementValue[] Gates(VectorCode vectors, string pointer, int count)
        => [.. Enumerable.Range(0, count).Select(gate => vectors.Load(OfGate(pointer, gate)))];
}
