using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Matrix products with lanes over output features: a tile is a few samples × a few vectors of features; each step broadcasts one
/// input feature per sample. The same kernel computes the input's gradient from transposed weights.
/// </summary>
internal static class LinearKernels
{
    public sealed class Geometry
    {
        public required int InFeatures { get; init; }

        public required int OutFeatures { get; init; }

        /// <summary>Floats from one sample to the next.</summary>
        public required long InputStride { get; init; }

        public required long OutputStride { get; init; }

        /// <summary>Floats from 16 output features to the next 16 in the packed weights.</summary>
        public long WeightBlock => (long)InFeatures * Layout.Block;

        public int OutBlocks => Layout.RoundUp(OutFeatures) / Layout.Block;

        /// <summary>Vectors of output features.</summary>
        public int Vectors(VectorIsa isa) => OutBlocks * Layout.Block / isa.Lanes;

        public long MultiplyAdds => (long)InFeatures * OutFeatures;
    }

    /// <summary>Vectors that a worker computes at a time of a single sample: as many sums as multiply-adds are under way at once, and whole blocks of 16 features.</summary>
    private const int PartVectors = 4;

    /// <summary>
    /// How samples are covered by tiles, largest first; what is left of a batch goes to the smaller ones. With few output features a
    /// single sample has fewer accumulators than multiply-adds are under way at once, so that each is made of several sums.
    /// </summary>
    private sealed record Tiling(IReadOnlyList<(int Samples, int Vectors)> Tiles, int Chains)
    {
        public static Tiling For(VectorIsa isa, Geometry g) => (isa.Registers, g.Vectors(isa)) switch
        {
            (32, 1) => new Tiling([(6, 1), (2, 1), (1, 1)], 4),
            (32, 2) => new Tiling([(3, 2), (1, 2)], 4),
            (32, _) => new Tiling([(12, 2), (4, 2), (1, 8)], 1),
            (_, <= 2) => new Tiling([(3, 2), (1, 2)], 2),
            _ => new Tiling([(6, 2), (3, 2), (1, 8)], 1),
        };
    }

    public static Kernel Create(string name, string summary, Geometry g, bool hasBias, Activation? activation, (Activation Kind, long Stride)? mask)
    {
        KernelParameter[] operands = Operands(hasBias, mask is not null);
        string packed = $"Weights packed [{Literals.Int(g.OutBlocks)}][{Literals.Int(g.InFeatures)}][16 outputs].";
        return new Kernel(name, summary, $"{packed} {Literals.Count(g.MultiplyAdds)} multiply-adds per sample.", [.. operands, Samples], EmitDriver)
        {
            IsHot = false,
            // Only inference divides samples: nothing is masked there.
            Part = mask is not null ? null : new Kernel(name + "Part", summary, packed + " One sample, divided among workers.", [.. operands, .. Share], EmitPart) { IsHot = false },
            Tile = isa => "Tiles of " + string.Join(", ", Tiling.For(isa, g).Tiles.Select(t => $"{ConvolutionRows.Count(t.Samples, "sample")} × {Literals.Int(Math.Min(t.Vectors, g.Vectors(isa)) * isa.Lanes)} features")) + ".",
        };

        void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            int allVectors = g.Vectors(isa);
            string start = "0";
            foreach ((int tileSamples, int tileVectors) in Tiling.For(isa, g).Tiles)
            {
                int vectors = Math.Min(tileVectors, allVectors), groups = allVectors / vectors, rest = allVectors % vectors;
                if (tileSamples == 1)
                {
                    writer.Line("// The samples that are left, one by one.");
                    using (writer.Block($"for (int s = {start}; s < samples; s++)"))
                        EmitGroups(writer, isa, names, 1, vectors, groups, rest, null);
                    continue;
                }

                string size = Literals.Int(tileSamples), end = "end" + size;
                writer.Line($"// {size} samples at a time{(groups + rest > 1 ? "; the weights of a group of features stay in the cache while all samples pass" : "")}.");
                writer.Line(start == "0" ? $"int {end} = samples / {size} * {size};" : $"int {end} = {start} + (samples - {start}) / {size} * {size};");
                EmitGroups(writer, isa, names, tileSamples, vectors, groups, rest, $"for (int s = {start}; s < {end}; s += {size})");
                start = end;
            }

            if (!Epilogue.IsInRegister(activation))
            {
                writer.Line($"// {activation}, over the rows just computed.");
                using (writer.Block($"for (int row = 0; row < samples; row++, output += {Literals.Int(g.OutputStride)})"))
                {
                    writer.Line($"{names.Use(Elementwise.ActivateRow(activation!))}(output, {Literals.Int(Layout.RoundUp(g.OutFeatures))});");
                    if (activation is { KeepsZero: false } && g.OutFeatures % Layout.Block != 0)
                        writer.Line($"new Span<float>(output + {Literals.Int(g.OutFeatures)}, {Literals.Int(Layout.RoundUp(g.OutFeatures) - g.OutFeatures)}).Clear();");
                }
            }
        }

        // Groups of vectors of output features; those of the last group may be fewer.
        void EmitPart(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            int allVectors = g.Vectors(isa), vectors = Math.Min(PartVectors, allVectors), groups = allVectors / vectors, rest = allVectors % vectors;
            int width = vectors * isa.Lanes, tasks = groups + (rest > 0 ? 1 : 0);
            writer.Line($"// Tasks: {ConvolutionRows.Count(tasks, "group")} of up to {Literals.Int(width)} output features.");
            using (writer.Block(TaskShare.Loop(tasks, "group")))
            {
                if (rest > 0)
                    writer.Line($"if (group < {Literals.Int(groups)})");
                using (rest > 0 ? writer.Block() : (SourceWriter.Scope?)null)
                    EmitTask(vectors, "group");
                if (rest > 0)
                {
                    using (writer.Block("else"))
                        EmitTask(rest, Literals.Int(groups));
                }
            }

            void EmitTask(int count, string group)
            {
                string output = $"output + {group} * {Literals.Int(width)}";
                var arguments = new List<string> { "input", $"weights + {group} * {Literals.Int(width / Layout.Block * g.WeightBlock)}" };
                if (hasBias)
                    arguments.Add($"bias + {group} * {Literals.Int(width)}");
                arguments.Add(output);
                writer.Line($"{names.Use(TileKernel(isa, name, summary, g, 1, count, hasBias, activation, mask))}({string.Join(", ", arguments)});");
                if (Epilogue.IsInRegister(activation))
                    return;
                int padding = Layout.RoundUp(g.OutFeatures) - g.OutFeatures;
                writer.Line($"{names.Use(Elementwise.ActivateRow(activation!))}({output}, {Literals.Int(count * isa.Lanes)});");
                if (activation is { KeepsZero: false } && padding > 0)
                {
                    writer.Line($"if (group == {Literals.Int(tasks - 1)})");
                    using (writer.Indent())
                        writer.Line($"new Span<float>(output + {Literals.Int(g.OutFeatures)}, {Literals.Int(padding)}).Clear();");
                }
            }
        }

        void EmitGroups(SourceWriter writer, VectorIsa isa, KernelNames names, int tileSamples, int vectors, int groups, int rest, string? loop)
        {
            EmitGroup(vectors, groups, 0);
            if (rest > 0)
                EmitGroup(rest, 1, groups * vectors);

            void EmitGroup(int groupVectors, int count, int firstVector)
            {
                int lanes = firstVector * isa.Lanes, width = groupVectors * isa.Lanes;
                string weights, offset;
                var scopes = new Stack<SourceWriter.Scope>();
                if (count > 1)
                {
                    scopes.Push(writer.Block($"for (int group = 0; group < {Literals.Int(count)}; group++)"));
                    offset = $" + group * {Literals.Int(width)}";
                    weights = width % Layout.Block == 0
                        ? $"weights + group * {Literals.Int(width / Layout.Block * g.WeightBlock)}"
                        : $"weights + (group >> 1) * {Literals.Int(g.WeightBlock)} + (group & 1) * {Literals.Int(width)}";
                }
                else
                {
                    offset = lanes == 0 ? "" : $" + {Literals.Int(lanes)}";
                    weights = Literals.Plus("weights", lanes / Layout.Block * g.WeightBlock + lanes % Layout.Block);
                }
                if (loop is not null)
                    scopes.Push(writer.Block(loop));
                var arguments = new List<string> { $"input + s * {Literals.Int(g.InputStride)}L", weights };
                if (hasBias)
                    arguments.Add("bias" + offset);
                arguments.Add($"output + s * {Literals.Int(g.OutputStride)}L{offset}");
                if (mask is not null)
                    arguments.Add($"saved + s * {Literals.Int(mask.Value.Stride)}L{offset}");
                writer.Line($"{names.Use(TileKernel(isa, name, summary, g, tileSamples, groupVectors, hasBias, activation, mask))}({string.Join(", ", arguments)});");
                while (scopes.Count > 0)
                    scopes.Pop().Dispose();
            }
        }
    }

    /// <summary>The operands of the kernel and of its tiles.</summary>
    private static KernelParameter[] Operands(bool hasBias, bool isMasked)
        => [Floats("input"), Floats("weights"), .. If(hasBias, Floats("bias")), Floats("output"), .. If(isMasked, Floats("saved"))];

    private static Kernel TileKernel(VectorIsa isa, string name, string summary, Geometry g, int samples, int vectors, bool hasBias, Activation? activation, (Activation Kind, long Stride)? mask)
    {
        string fused = activation is { } a && Epilogue.IsInRegister(a) ? $" {a} fused." : "";
        return new Kernel($"{name}Tile{Literals.Int(samples)}x{Literals.Int(vectors)}", summary,
            $"Microkernel: {ConvolutionRows.Count(samples, "sample")} × {Literals.Int(vectors)} vectors of features, {Literals.Int(samples * vectors)} accumulators{(Tiling.For(isa, g).Chains is > 1 and int sums ? $" of {Literals.Int(sums)} sums" : "")}.{(hasBias ? " Bias fused." : "")}{fused}{(mask is null ? "" : $" Derivative of {mask.Value.Kind} fused.")}",
            Operands(hasBias, mask is not null), Emit);

        void Emit(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            int chains = Tiling.For(isa, g).Chains, rest = g.InFeatures % chains, even = g.InFeatures - rest;
            var tile = new RegisterTile(samples, vectors)
            {
                Chains = chains,
                RowOffset = s => s * g.InputStride,
                VectorOffset = v => Stride.OfVector(isa, v, g.WeightBlock),
                UnrolledMultiplyAdds = names.SharesTiles ? RegisterTile.SharedUnrolledMultiplyAdds : RegisterTile.DefaultUnrolledMultiplyAdds,
            };
            writer.Line(hasBias ? "// Setup: the accumulators start from the bias." : "// Setup: the accumulators start from zero.");
            tile.EmitAccumulators(writer, isa, (_, v) => hasBias ? isa.Load(Literals.Plus("bias", v * isa.Lanes)) : isa.Zero);
            string turns = chains == 1 ? "" : " Sums take turns, so that no multiply-add waits for the one before.";
            var reductions = new List<Reduction>();
            if (even > 0)
                reductions.Add(new Reduction([], even, 1, Layout.Block, $"Compute: {Literals.Int(even)} input features.{turns}"));
            if (rest > 0)
                reductions.Add(new Reduction([], rest, 1, Layout.Block, $"{(even > 0 ? "Those that are left" : "Compute")}: {ConvolutionRows.Count(rest, "input feature")}.", even, (long)even * Layout.Block));
            tile.EmitReductions(writer, isa, reductions);
            tile.EmitChainSums(writer);
            writer.Line("// Epilogue.");
            for (int s = 0; s < samples; s++)
            {
                for (int v = 0; v < vectors; v++)
                {
                    string value = tile.Accumulator(s, v);
                    if (activation is { } inRegister && Epilogue.IsInRegister(inRegister))
                        value = inRegister.Apply(isa, names, value);
                    if (mask is { } m)
                        value = $"({m.Kind.ApplyDerivative(isa, names, value, isa.Load(Literals.Plus("saved", s * m.Stride + v * isa.Lanes)))})";
                    writer.Line(isa.Store(value, Literals.Plus("output", s * g.OutputStride + v * isa.Lanes)));
                }
            }
        }
    }

    /// <summary>
    /// Gradient of the weights: rows of a tile are input features, vectors are output features, the sum runs over the samples.
    /// </summary>
    /// <remarks>
    /// A fully connected layer has as many weights as multiply-adds per sample, so that the optimiser's traffic counts: a worker
    /// computes the gradients of neighbouring weights, those that it will update, and fetches their cache lines while it computes.
    /// </remarks>
    public static Kernel WeightGradient(string name, string summary, Geometry g)
    {
        return new Kernel(name, summary, $"Weights packed [{Literals.Int(g.OutBlocks)}][{Literals.Int(g.InFeatures)}][16 outputs].",
            [Floats("input"), Floats("outputGradient"), Floats("weights"), Floats("weightGradient"), Samples, .. Share], EmitDriver) { IsHot = false };

        void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            int allVectors = g.Vectors(isa);
            int vectors = Math.Min(2, allVectors), groups = allVectors / vectors, rest = allVectors % vectors;
            int limit = TileShapes.MaxRows(isa.Registers, vectors);
            IReadOnlyList<TileRun> tiles = TileShapes.Split(g.InFeatures, Math.Min(limit, 14));
            EmitGroups(vectors, groups, 0);
            if (rest > 0)
                EmitGroups(rest, 1, groups * vectors);

            // Groups of vectors of output features, each with all tiles of input features.
            void EmitGroups(int groupVectors, int count, int firstVector)
            {
                int lanes = firstVector * isa.Lanes, width = groupVectors * isa.Lanes, tilesOfGroup = tiles.Sum(t => t.Count);
                string task = count > 1 ? "task" : "tile", features = Literals.Int(width) + " output features";
                writer.Line($"// Tasks: {(count > 1 ? $"{Literals.Int(count)} groups of {features} × " : "")}{ConvolutionRows.Count(tilesOfGroup, "tile")} of input features{(count > 1 ? "" : $" for {features}")}, in the order of the weights.");
                using (writer.Block(TaskShare.Loop(count * tilesOfGroup, task)))
                {
                    string outputs = Literals.Plus("outputGradient", lanes);
                    string block = Literals.Int(lanes / Layout.Block * g.WeightBlock + lanes % Layout.Block);
                    if (count > 1)
                    {
                        writer.Line($"int group = task / {Literals.Int(tilesOfGroup)}, tile = task % {Literals.Int(tilesOfGroup)};");
                        outputs = $"outputGradient + group * {Literals.Int(width)}";
                        block = width % Layout.Block == 0
                            ? $"group * {Literals.Int(width / Layout.Block * g.WeightBlock)}"
                            : $"(group >> 1) * {Literals.Int(g.WeightBlock)} + (group & 1) * {Literals.Int(width)}";
                    }

                    (int size, int sizeCount, _) = tiles[0];
                    string row = $"tile * {Literals.Int(size)}", floats = Literals.Int(size * Layout.Block);
                    if (tiles.Count > 1)
                    {
                        int less = size - tiles[1].Size;
                        row += $" - Math.Max(0, tile - {Literals.Int(sizeCount)})" + (less == 1 ? "" : $" * {Literals.Int(less)}");
                        floats = $"tile < {Literals.Int(sizeCount)} ? {floats} : {Literals.Int(tiles[1].Size * Layout.Block)}";
                    }
                    writer.Line($"int row = {row}, at = {(block == "0" ? "" : block + " + ")}row * {Literals.Int(Layout.Block)};");
                    writer.Line("// The optimiser's turn is next; other cores have copies of the weights.");
                    writer.Line("if (workers > 1)");
                    int blocks = Math.Max(1, width / Layout.Block);
                    using (blocks > 1 ? writer.Block() : writer.Indent())
                    {
                        for (int b = 0; b < blocks; b++)
                            writer.Line($"CacheLines.FetchForWriting({Literals.Plus("weights + at", b * g.WeightBlock)}, {floats});");
                    }
                    for (int i = 0; i < tiles.Count; i++)
                    {
                        string call = $"{names.Use(WeightGradientTile(isa, name, summary, g, tiles[i].Size, groupVectors))}(input + row, {outputs}, weightGradient + at, samples);";
                        writer.Line(tiles.Count == 1 ? call : (i == 0 ? $"if (tile < {Literals.Int(sizeCount)})" : "else") + "\n    " + call);
                    }
                }
            }
        }
    }

    private static Kernel WeightGradientTile(VectorIsa isa, string name, string summary, Geometry g, int rows, int vectors)
    {
        return new Kernel($"{name}Tile{Literals.Int(rows)}x{Literals.Int(vectors)}", summary,
            $"Microkernel: {Literals.Int(rows)} input features × {Literals.Int(vectors)} vectors of output features, {Literals.Int(rows * vectors)} accumulators.",
            [Floats("input"), Floats("outputGradient"), Floats("weightGradient"), Samples], Emit);

        void Emit(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            var tile = new RegisterTile(rows, vectors)
            {
                IsUnbounded = true,
                VectorOperand = "outputGradient",
                VectorOffset = v => v * isa.Lanes,
            };
            tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
            tile.EmitReductions(writer, isa,
                [new Reduction([new ReductionLoop("Sample", "samples", g.InputStride, g.OutputStride)], 1, 0, 0, "Compute: sum over the samples.")]);
            for (int row = 0; row < rows; row++)
            {
                writer.Line(string.Join(" ", Enumerable.Range(0, vectors).Select(v =>
                    isa.Store(tile.Accumulator(row, v), Stride.OfVector(isa, v, g.WeightBlock).AddTo("weightGradient", row * Layout.Block)))));
            }
        }
    }
}
