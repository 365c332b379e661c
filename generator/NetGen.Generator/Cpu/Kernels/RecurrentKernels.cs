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
    private readonly RecurrentLoops _loops = new(g) { KeepsOrder = g.HasInitial || g.HasInitialCell };

    private RecurrentRows States => new("state", 0, g.StateStride);

    private RecurrentRows Second => new("second", g.Cells, g.StateStride);

    private RecurrentRows InitialCells => new("initialCells", g.InitialCells, g.StateStride);

    private RecurrentRows Products => new("products", g.Products, g.ProductStride);

    private RecurrentRows ProductGradients => new("products", g.ProductGradients, g.ProductStride);

    /// <param name="cells">Where cell states go that someone reads; likewise the states before each position, and the gates.</param>
    public Kernel Forward(string name, string summary, bool hasBias, Layout input, Layout states, Layout? cells, Layout? previous,
        Layout? gates)
    {
        RecurrentStream[] streams = RecurrentStream.Of(
            ("input", input), ("states", states), ("cells", cells), ("previous", previous), ("gates", gates));
        Kernel product = StepProduct(name, summary, hasBias), cell = Cell(name + "Cell", $"{summary} Cells of a step.", streams);
        return new Kernel(name, summary, _loops.Remarks(streams),
            [
                .. streams.Select(stream => Floats(stream.Name)), .. If(g.HasInitial, Floats("initial")),
                .. If(g.HasInitialCell, Floats("initialCell")), .. If(g.HasLengths, Ints("starts")), Floats("weights"),
                .. If(hasBias, Floats("bias")), Floats("scratch"), Samples,
            ],
            (writer, _, names) => _loops.EmitBlocks(writer, Carried(g.HasCells), isBackward: false, () =>
            {
                writer.Line($"{names.Use(product)}(scratch, weights, {(hasBias ? "bias, " : "")}{Scratch(g.Products)}, {_loops.Active});");
                writer.Line(_loops.Call(names.Use(cell), streams));
            }, begin: () =>
            {
                if (g.HasInitial)
                    _loops.EmitToRows(writer, "initial", States);
                if (g.HasInitialCell)
                    _loops.EmitToRows(writer, "initialCell", Second);
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
        RecurrentStream[] streams = RecurrentStream.Of(("input", input), ("states", states), ("cells", cells));
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
        RecurrentStream[] streams = RecurrentStream.Of([("stateGradient", stateGradient), ("cellGradient", cellGradient),
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
        return new Kernel(name, summary, _loops.Remarks(streams),
            [
                .. streams.Select(stream => Floats(stream.Name)), .. If(g.HasInitialCell, Floats("initialCell")),
                .. If(g.HasInitial, Floats("initialGradient")), .. If(g.HasInitialCell, Floats("initialCellGradient")),
                .. If(g.HasLengths, Ints("starts")), Floats("weights"), Floats("scratch"), Samples,
            ],
            (writer, isa, kernels) => _loops.EmitBlocks(writer, Carried(g.HasBypass), isBackward: true, () =>
            {
                string isFirst = g.HasCells ? ", step == 0" : "";
                writer.Line(_loops.Call(kernels.Use(cell), streams, isFirst));
                string back = $"{kernels.Use(product)}({Scratch(g.ProductGradients)}, weights, scratch, {_loops.Active});";
                if (g.HasInitial)
                {
                    writer.Line(back);
                    return;
                }
                writer.Line("if (step > 0)");
                using (writer.Indent())
                    writer.Line(back);
            }, begin: !g.HasInitialCell ? null : () => _loops.EmitToRows(writer, "initialCell", InitialCells), end: () =>
            {
                if (g.HasInitial)
                    _loops.EmitFromRows(writer, isa, "initialGradient", g.Cell == RecurrentCell.GRU ? [States, Second] : [States]);
                if (g.HasInitialCell)
                    _loops.EmitFromRows(writer, isa, "initialCellGradient", Second);
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

    private static string Scratch(int offset) => Literals.Plus("scratch", offset);

    /// <summary>Where what goes on from step to step begins.</summary>
    private int[] Carried(bool hasSecond) => hasSecond ? [0, g.Cells] : [0];

    /// <summary>One step's cells: all units of all samples of a block.</summary>
    private Kernel Cell(string name, string summary, IReadOnlyList<RecurrentStream> streams)
        => new(name, summary, $"{Literals.Int(g.Lanes)} units with their padding; what pads them stays zero.",
            [.. streams.Select(stream => Floats(stream.Base)), .. If(g.HasLengths, Ints("places")), Floats("scratch"), Int("rows")],
            (writer, isa, names) =>
        {
            _loops.EmitUnits(writer, isa, streams, isBackward: false, () =>
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
            }, Products);
        });

    /// <summary>Back through one step's cells.</summary>
    private Kernel CellGradient(string name, string summary, IReadOnlyList<RecurrentStream> streams)
        => new(name, summary, $"{Literals.Int(g.Lanes)} units with their padding; what pads them stays zero.",
            [
                .. streams.Select(stream => Floats(stream.Base)), .. If(g.HasLengths, Ints("places")), Floats("scratch"),
                .. If(g.HasCells, Bool("isFirst")), Int("rows"),
            ],
            (writer, isa, names) =>
        {
            _loops.EmitUnits(writer, isa, streams, isBackward: true, () =>
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
            }, g.HasInitialCell ? [ProductGradients, InitialCells] : [ProductGradients]);
        });

    private static bool Has(IReadOnlyList<RecurrentStream> streams, string name) => streams.Any(stream => stream.Name == name);

    /// <summary>The cell state before the step: before the first that which is given, or none.</summary>
    private void EmitCellBefore(SourceWriter writer, VectorIsa isa, RecurrentStream cells)
        => writer.Line($"{isa.Type} before = isFirst ? {(g.HasInitialCell ? isa.Load("initialCells + i") : isa.Zero)} : "
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
}
