using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The steps of a recurrent layer, over blocks of samples: in each step the product of the block's states with the recurrent weights, which
/// stay in L2, then the cells of all units. Each sample is computed by itself, and so has the same bits whatever stands beside it.
/// </summary>
internal sealed class RecurrentKernels(RecurrentGeometry g)
{
    /// <summary>A value whose place moves with the steps: a row at each position.</summary>
    private sealed record Stream(string Name, Layout Layout)
    {
        public int Row => Layout.PlaneStride;

        /// <summary>
        /// Where kernels of cells have it: at their first row, or, where each row has a place of its own, at the first of all.
        /// </summary>
        public string Base => Layout.HasLengths ? Name + "Base" : Name;

        /// <summary>At the position of a step, the first sample of a block; of all samples where each has steps of its own.</summary>
        public string At => Layout.HasLengths
            ? Name : $"{Name} + first * {Literals.Int(Layout.SampleStride)}L + position * {Literals.Int(Row)}";
    }

    /// <param name="cells">Where cell states go that someone reads; likewise the states before each position, and the gates.</param>
    public Kernel Forward(string name, string summary, bool hasBias, Layout input, Layout states, Layout? cells, Layout? previous,
        Layout? gates)
    {
        Stream[] streams = Streams(("input", input), ("states", states), ("cells", cells), ("previous", previous), ("gates", gates));
        Kernel product = StepProduct(name, summary, hasBias), cell = Cell(name + "Cell", $"{summary} Cells of a step.", streams);
        return new Kernel(name, summary, Remarks(streams),
            [
                .. streams.Select(stream => Floats(stream.Name)), .. If(g.HasLengths, Ints("starts")), Floats("weights"),
                .. If(hasBias, Floats("bias")), Floats("scratch"), Samples,
            ],
            (writer, _, names) => EmitBlocks(writer, g.HasCells, isBackward: false, () =>
            {
                writer.Line($"{names.Use(product)}(scratch, weights, {(hasBias ? "bias, " : "")}{Scratch(g.Products)}, {Active});");
                writer.Line($"{names.Use(cell)}({string.Join(", ", streams.Select(stream => stream.At))}{Places}, scratch, {Active});");
            }))
        {
            IsHot = false,
            TakesAllSamples = true,
        };
    }

    /// <summary>
    /// The steps of one sequence that goes on: each sample is a step, and what is working memory elsewhere is kept from call to call.
    /// </summary>
    public Kernel Steps(string name, string summary, bool hasBias, Layout input, Layout states, Layout? cells)
    {
        Stream[] streams = Streams(("input", input), ("states", states), ("cells", cells));
        Kernel product = StepProduct(name, summary, hasBias), cell = Cell(name + "Cell", $"{summary} Cells of a step.", streams);
        return new Kernel(name, summary, "Each sample is a step from the state that the one before has left.",
            [
                .. streams.Select(stream => Floats(stream.Name)), Floats("weights"), .. If(hasBias, Floats("bias")), Floats("state"),
                Samples,
            ],
            (writer, _, names) =>
            {
                string advance = Elementwise.Advance(streams.Select(stream => (stream.Name, stream.Layout)));
                string ofBias = hasBias ? "bias, " : "";
                using (writer.Block($"for (int n = 0; n < samples; n++, {advance})"))
                {
                    writer.Line($"{names.Use(product)}(state, weights, {ofBias}{Literals.Plus("state", g.Products)}, 1);");
                    writer.Line($"{names.Use(cell)}({string.Join(", ", streams.Select(stream => stream.Name))}, state, 1);");
                }
            })
        {
            IsHot = false,
            TakesAllSamples = true,
        };
    }

    /// <param name="stateGradient">
    /// Null where nothing reads the states but the next steps; likewise <paramref name="cellGradient"/>.
    /// </param>
    /// <param name="saved">Gates and cell states, gates and states before each position, or states.</param>
    /// <param name="ofState">Where the gradient of the state's products goes, if it is another than the input's.</param>
    public Kernel Gradient(string name, string summary, Layout? stateGradient, Layout? cellGradient, IReadOnlyList<Layout> saved,
        Layout output, Layout? ofState)
    {
        string[] names = g.Cell switch
        {
            RecurrentCell.LSTM => ["gates", "cells"],
            RecurrentCell.GRU => ["gates", "previous"],
            _ => ["states"],
        };
        Stream[] streams = Streams([("stateGradient", stateGradient), ("cellGradient", cellGradient),
            .. names.Zip(saved, (own, layout) => (own, (Layout?)layout)), ("inputGradient", output), ("ofState", ofState)]);
        var geometry = new LinearKernels.Geometry
        {
            InFeatures = g.Gates * g.Lanes,
            OutFeatures = g.Hidden,
            InputStride = g.ProductStride,
            OutputStride = g.StateStride,
        };
        Kernel product = LinearKernels.Create(name + "Product", $"{summary} Products of a step.", geometry, false, null, null),
            cell = CellGradient(name + "Cell", $"{summary} Cells of a step.", streams);
        return new Kernel(name, summary, Remarks(streams),
            [
                .. streams.Select(stream => Floats(stream.Name)), .. If(g.HasLengths, Ints("starts")), Floats("weights"), Floats("scratch"),
                Samples,
            ],
            (writer, _, kernels) => EmitBlocks(writer, g.HasBypass, isBackward: true, () =>
            {
                string isFirst = g.HasCells ? ", step == 0" : "";
                writer.Line($"{kernels.Use(cell)}({string.Join(", ", streams.Select(stream => stream.At))}{Places}, scratch{isFirst}, "
                    + $"{Active});");
                writer.Line("if (step > 0)");
                using (writer.Indent())
                    writer.Line($"{kernels.Use(product)}({Scratch(g.ProductGradients)}, weights, scratch, {Active});");
            }))
        {
            IsHot = false,
            TakesAllSamples = true,
        };
    }

    /// <summary>The states' products with the recurrent weights.</summary>
    private Kernel StepProduct(string name, string summary, bool hasBias)
    {
        var geometry = new LinearKernels.Geometry
        {
            InFeatures = g.Hidden,
            OutFeatures = g.Gates * g.Lanes,
            InputStride = g.StateStride,
            OutputStride = g.ProductStride,
        };
        return LinearKernels.Create(name + "Product", $"{summary} Products of a step.", geometry, hasBias, null, null);
    }

    private static Stream[] Streams(params (string Name, Layout? Layout)[] values)
        => [.. values.Where(value => value.Layout is not null).Select(value => new Stream(value.Name, value.Layout!))];

    private string Remarks(IReadOnlyList<Stream> streams)
        => $"{(g.HasLengths ? "As many steps as a sample has positions," : $"{Literals.Int(g.Steps)} steps")} "
            + $"from the {(g.IsReverse ? "last position to the first" : "first position to the last")}, "
            + $"{Literals.Int(g.Rows)} samples at a time. "
            + string.Join(", ", streams.Select(stream => $"{stream.Name} {stream.Layout}")) + ".";

    private static string Scratch(int offset) => Literals.Plus("scratch", offset);

    /// <summary>How many rows of a block a step has.</summary>
    private string Active => g.HasLengths ? "active" : "rows";

    /// <summary>The argument of cells that says where each row is.</summary>
    private string Places => g.HasLengths ? ", places" : "";

    /// <summary>The loops over blocks of samples and over steps; what goes on from step to step begins with zero.</summary>
    /// <param name="hasSecond">Besides the states something else does.</param>
    /// <param name="isBackward">From the last step to the first.</param>
    private void EmitBlocks(SourceWriter writer, bool hasSecond, bool isBackward, Action emitStep)
    {
        string rows = Literals.Int(g.Rows), stride = Literals.Int(g.StateStride);
        string steps = g.HasLengths ? "lengths[0]" : Literals.Int(g.Steps);
        string loop = isBackward ? $"int step = {steps} - 1{{0}}; step >= 0; step--" : $"int step = 0{{0}}; step < {steps}; step++";
        if (g.HasLengths)
            writer.Line($"int* lengths = stackalloc int[{rows}], places = stackalloc int[{rows}];");
        using (writer.Block($"for (int first = 0; first < samples; first += {rows})"))
        {
            writer.Line($"int rows = Math.Min({rows}, samples - first);");
            writer.Line($"new Span<float>(scratch, rows * {stride}).Clear();");
            if (hasSecond)
                writer.Line($"new Span<float>({Scratch(g.Cells)}, rows * {stride}).Clear();");
            if (g.HasLengths)
            {
                EmitStepsOfLengths(writer, loop, isBackward, emitStep);
                return;
            }
            using (writer.Block($"for ({loop.Replace("{0}", "")})"))
            {
                writer.Line(g.IsReverse ? $"int position = {Literals.Int(g.Steps - 1)} - step;" : "int position = step;");
                emitStep();
            }
        }
    }

    /// <summary>The longest samples come first, so that those which a step has are the first of their block.</summary>
    private void EmitStepsOfLengths(SourceWriter writer, string loop, bool isBackward, Action emitStep)
    {
        string isAtEnd = g.IsReverse == isBackward ? "false" : "true";
        writer.Line("// The longest samples first: those that have a step are the first of the block.");
        writer.Line($"LengthOrder.Sort(starts + first, rows, starts[0], fromEnd: {isAtEnd}, lengths, places);");
        using (writer.Block($"for ({loop.Replace("{0}", isBackward ? ", active = 0" : ", active = rows")})"))
        {
            writer.Line(isBackward ? "while (active < rows && lengths[active] > step)" : "while (lengths[active - 1] <= step)");
            using (writer.Indent())
                writer.Line(isBackward ? "active++;" : "active--;");
            emitStep();
        }
    }

    /// <summary>One step's cells: all units of all samples of a block.</summary>
    private Kernel Cell(string name, string summary, IReadOnlyList<Stream> streams)
        => new(name, summary, $"{Literals.Int(g.Lanes)} units with their padding; what pads them stays zero.",
            [.. streams.Select(stream => Floats(stream.Base)), .. If(g.HasLengths, Ints("places")), Floats("scratch"), Int("rows")],
            (writer, isa, names) =>
        {
            EmitUnits(writer, isa, streams, isBackward: false, () =>
            {
                var vectors = new VectorCode(isa, names);
                ElementValue[] inputs = Gates(vectors, "input", g.Gates), products = Gates(vectors, "products", g.Gates);
                ElementValue state = vectors.Load("scratch + i"), cell = vectors.Load($"{Scratch(g.Cells)} + i");
                ElementProgram program = g.Cell switch
                {
                    RecurrentCell.LSTM => RecurrentFunctions.LSTM(inputs, products, cell),
                    RecurrentCell.GRU => RecurrentFunctions.GRU(inputs, products, state),
                    _ => RecurrentFunctions.Plain(g.Cell == RecurrentCell.ReLU, inputs[0], products[0]),
                };
                vectors.Write(writer, program);
                string[] results = [.. program.Results.Select(result => vectors.Text(new ElementValue(result)))];
                if (Has(streams, "previous"))
                    writer.Line(isa.Store(isa.Load("scratch + i"), "previous + i"));
                writer.Line($"{isa.Type} h = {results[0]};");
                writer.Line(isa.Store("h", "scratch + i"));
                writer.Line(isa.Store("h", "states + i"));
                if (g.HasCells)
                    writer.Line(isa.Store(results[1], $"{Scratch(g.Cells)} + i"));
                if (Has(streams, "cells"))
                    writer.Line(isa.Store(results[1], "cells + i"));
                if (Has(streams, "gates"))
                    EmitGates(writer, isa, "gates", results.Skip(g.HasCells ? 2 : 1));
            }, products: g.Products);
        });

    /// <summary>Back through one step's cells.</summary>
    private Kernel CellGradient(string name, string summary, IReadOnlyList<Stream> streams)
        => new(name, summary, $"{Literals.Int(g.Lanes)} units with their padding; what pads them stays zero.",
            [
                .. streams.Select(stream => Floats(stream.Base)), .. If(g.HasLengths, Ints("places")), Floats("scratch"),
                .. If(g.HasCells, Bool("isFirst")), Int("rows"),
            ],
            (writer, isa, names) =>
        {
            EmitUnits(writer, isa, streams, isBackward: true, () =>
            {
                var vectors = new VectorCode(isa, names);
                ElementValue gradient = vectors.Load("scratch + i"), bypass = vectors.Load($"{Scratch(g.Cells)} + i");
                if (Has(streams, "stateGradient"))
                    gradient += vectors.Load("stateGradient + i");
                if (g.HasCells)
                    EmitCellBefore(writer, isa, streams.First(stream => stream.Name == "cells"));
                ElementProgram program = g.Cell switch
                {
                    RecurrentCell.LSTM => RecurrentFunctions.LSTMGradient(Gates(vectors, "gates", 4), vectors.Load("cells + i"),
                        ElementValue.Named("before"), gradient,
                        Has(streams, "cellGradient") ? bypass + vectors.Load("cellGradient + i") : bypass),
                    RecurrentCell.GRU => RecurrentFunctions.GRUGradient(
                        Gates(vectors, "gates", 4), vectors.Load("previous + i"), gradient + bypass),
                    _ => RecurrentFunctions.PlainGradient(g.Cell == RecurrentCell.ReLU, gradient, vectors.Load("states + i")),
                };
                vectors.Write(writer, program);
                string[] results = [.. program.Results.Select(result => vectors.Text(new ElementValue(result)))];
                EmitGradients(writer, isa, results);
                if (g.HasBypass)
                    writer.Line(isa.Store(results[results.Length - 1], $"{Scratch(g.Cells)} + i"));
            }, products: g.ProductGradients);
        });

    private static bool Has(IReadOnlyList<Stream> streams, string name) => streams.Any(stream => stream.Name == name);

    /// <summary>The cell state before the step, which has none before the first.</summary>
    private void EmitCellBefore(SourceWriter writer, VectorIsa isa, Stream cells)
        => writer.Line($"{isa.Type} before = isFirst ? {isa.Zero} : "
            + $"{isa.Load($"cells {(g.IsReverse ? "+" : "-")} {Literals.Int(cells.Row)} + i")};");

    /// <summary>Stores the gradients of a unit's products, for the weights and for the product with them.</summary>
    private void EmitGradients(SourceWriter writer, VectorIsa isa, IReadOnlyList<string> results)
    {
        for (int gate = 0; gate < g.Gates; gate++)
        {
            string variable = "gradient" + Literals.Int(gate), at = Literals.Plus("", gate * g.Lanes) + " + i";
            writer.Line($"{isa.Type} {variable} = {results[gate]};");
            writer.Line(isa.Store(variable, $"inputGradient{at}"));
            if (g.Cell == RecurrentCell.GRU)
            {
                // Of the reset gate's product, which it multiplies.
                string ofState = gate == 2 ? results[3] : variable;
                writer.Line(isa.Store(ofState, $"ofState{at}"));
                writer.Line(isa.Store(ofState, $"products{at}"));
                continue;
            }
            writer.Line(isa.Store(variable, $"products{at}"));
        }
    }

    private void EmitGates(SourceWriter writer, VectorIsa isa, string pointer, IEnumerable<string> values)
    {
        int gate = 0;
        foreach (string value in values)
            writer.Line(isa.Store(value, Literals.Plus(pointer, gate++ * g.Lanes) + " + i"));
    }

    /// <summary>A unit's gates.</summary>
    private ElementValue[] Gates(VectorCode vectors, string pointer, int count)
        => [.. Enumerable.Range(0, count).Select(gate => vectors.Load(Literals.Plus(pointer, gate * g.Lanes) + " + i"))];

    /// <summary>The loops over samples and over vectors of units.</summary>
    /// <param name="products">Where those begin in working memory: their pointer is <c>products</c>.</param>
    private void EmitUnits(
        SourceWriter writer, VectorIsa isa, IReadOnlyList<Stream> streams, bool isBackward, Action emit, int products)
    {
        writer.Line($"float* products = {Scratch(products)};");
        string advance = string.Join(", ", streams.Where(_ => !g.HasLengths)
            .Select(stream => $"{stream.Name} += {Literals.Int(stream.Layout.SampleStride)}")
            .Append($"scratch += {Literals.Int(g.StateStride)}").Append($"products += {Literals.Int(g.ProductStride)}"));
        using (writer.Block($"for (int row = 0; row < rows; row++, {advance})"))
        {
            if (g.HasLengths)
            {
                string here = string.Join(", ", streams.Select(stream =>
                    $"{stream.Name} = {stream.Base} + places[row] * {Literals.Int(stream.Row)}L"));
                writer.Line($"float* {here};");
                writer.Line($"places[row]{(g.IsReverse == isBackward ? "++" : "--")};");
            }
            using (writer.Block($"for (int i = 0; i < {Literals.Int(g.Lanes)}; i += {Literals.Int(isa.Lanes)})"))
                emit();
        }
    }
}
