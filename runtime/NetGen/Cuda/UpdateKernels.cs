using System.Runtime.CompilerServices;
using System.Text;
using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <summary>
/// The runtime's own kernels, which any network's trainer on a GPU needs: the optimisers' updates, sums of squared gradients, and the
/// adding of gradients. The updates are those of the processor, from the same source.
/// </summary>
internal sealed unsafe class UpdateKernels
{
    /// <summary>The most elements of a launch, so that kernels count in 32 bits.</summary>
    public const int MostElements = 1 << 30;

    /// <summary>Elements whose squares one block sums.</summary>
    public const int SquaresPerBlock = 4096;

    private const int Threads = 256;

    private static readonly ConditionalWeakTable<CudaContext, UpdateKernels> s_loaded = [];
    private static readonly Lazy<byte[]> s_module = new(() => Encoding.UTF8.GetBytes(WriteModule()));

    private readonly CudaModule _module;
    private readonly CudaFunction[] _updates, _clippedUpdates;
    private readonly CudaFunction _squares, _add;

    private UpdateKernels(CudaContext context)
    {
        _module = new CudaModule(context, s_module.Value, "optimisers");
        UpdateRule[] rules = Enum.GetValues<UpdateRule>();
        _updates = [.. rules.Select(rule => _module.Find(Name(rule, clips: false)))];
        _clippedUpdates = [.. rules.Select(rule => _module.Find(Name(rule, clips: true)))];
        (_squares, _add) = (_module.Find("sum_squares"), _module.Find("add_gradients"));
    }

    /// <summary>The kernels on a GPU, as the driver has compiled them once for the process.</summary>
    /// <exception cref="CudaException">The driver refuses them.</exception>
    public static UpdateKernels Of(CudaContext context)
    {
        lock (s_loaded)
        {
            if (!s_loaded.TryGetValue(context, out UpdateKernels? known))
            {
                known = new UpdateKernels(context);
                s_loaded.Add(context, known);
            }
            return known;
        }
    }

    /// <summary>The blocks that sum squares of so many elements.</summary>
    public static int SquareBlocks(long count) => CudaRecorder.Blocks(count, SquaresPerBlock);

    /// <summary>A step for parameters that follow each other.</summary>
    /// <param name="stream">Where it is done.</param>
    /// <param name="rule">The formula.</param>
    /// <param name="clips">Gradients are clipped, in place, in front of it.</param>
    /// <param name="weights">The first of the parameters.</param>
    /// <param name="gradients">Its gradient.</param>
    /// <param name="states">What is remembered of it; addresses of as many states as the formula has.</param>
    /// <param name="numbers">The numbers of the step.</param>
    /// <param name="count">How many parameters.</param>
    public void Update(CudaStream stream, UpdateRule rule, bool clips, ulong weights, ulong gradients, ReadOnlySpan<ulong> states,
        ulong numbers, int count)
    {
        CudaFunction function = (clips ? _clippedUpdates : _updates)[(int)rule];
        stream.Launch(function, new CudaShape(CudaRecorder.Blocks(count, Threads), 1, 1, Threads),
            [weights, gradients, states[0], states[1], states[2], numbers, (uint)count]);
    }

    /// <summary>Sums the squares of gradients that follow each other, each moved into a limit before, in double.</summary>
    /// <param name="stream">Where it is done.</param>
    /// <param name="gradients">The first gradient.</param>
    /// <param name="sums">Receives a sum for each of <see cref="SquareBlocks"/>.</param>
    /// <param name="limit">The most that a gradient may be.</param>
    /// <param name="count">How many.</param>
    public void SumSquares(CudaStream stream, ulong gradients, ulong sums, float limit, int count)
        => stream.Launch(_squares, new CudaShape(SquareBlocks(count), 1, 1, Threads),
            [gradients, sums, BitConverter.SingleToUInt32Bits(limit), (uint)count]);

    /// <summary>Adds gradients to sums.</summary>
    public void Add(CudaStream stream, ulong sums, ulong gradients, int count)
        => stream.Launch(_add, new CudaShape(CudaRecorder.Blocks(count, Threads), 1, 1, Threads), [sums, gradients, (uint)count]);

    /// <summary>The text of all of them.</summary>
    internal static string WriteModule()
    {
        var kernels = new List<string>();
        foreach (bool clips in (bool[])[false, true])
        {
            foreach (UpdateRule rule in Enum.GetValues<UpdateRule>())
                kernels.Add(WriteUpdate(rule, clips));
        }
        kernels.Add(WriteSquares());
        kernels.Add(WriteAdd());
        return ".version 7.8\n.target sm_80\n.address_size 64\n\n" + string.Join("\n", kernels);
    }

    private static string Name(UpdateRule rule, bool clips) => $"update_{rule}{(clips ? "_clipped" : "")}";

    private static string WriteUpdate(UpdateRule rule, bool clips) => rule switch
    {
        UpdateRule.Sgd => WriteUpdate<SgdUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<SgdStep>())),
        UpdateRule.Momentum => WriteUpdate<MomentumUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<SgdStep>())),
        UpdateRule.Nesterov => WriteUpdate<NesterovUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<SgdStep>())),
        UpdateRule.Adam => WriteUpdate<AdamUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<AdamStep>())),
        UpdateRule.Amsgrad => WriteUpdate<AmsgradUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<AdamStep>())),
        UpdateRule.Rms => WriteUpdate<RmsUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<RmsStep>())),
        UpdateRule.RmsMomentum => WriteUpdate<RmsMomentumUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<RmsStep>())),
        UpdateRule.RmsCentered => WriteUpdate<RmsCenteredUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<RmsStep>())),
        UpdateRule.Adagrad => WriteUpdate<AdagradUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<AdagradStep>())),
        _ => throw new InvalidOperationException($"No kernel makes the update {rule}."),
    };

    private static string WriteUpdate<TUpdate>(UpdateRule rule, bool clips, Func<TUpdate> create)
        where TUpdate : struct, IUpdate<PtxOperand>
    {
        var text = new PtxText(Name(rule, clips), Threads);
        PtxOperand weights = text.Parameter("u64", "weights"), gradients = text.Parameter("u64", "gradients");
        PtxOperand[] states = [text.Parameter("u64", "first"), text.Parameter("u64", "second"), text.Parameter("u64", "third")];
        PtxOperand numbers = text.Parameter("u64", "numbers");
        PtxOperand offset = Offset(text, text.Parameter("u32", "count"));
        PtxLanes.Begin(text, numbers);
        TUpdate update = create();
        PtxOperand weight = Load(text, weights, offset, out PtxOperand weightAt);
        PtxOperand gradient = Load(text, gradients, offset, out PtxOperand gradientAt);
        var places = new PtxOperand[states.Length];
        var values = new PtxOperand[states.Length];
        for (int i = 0; i < TUpdate.States; i++)
            values[i] = Load(text, states[i], offset, out places[i]);
        if (clips)
        {
            float limit = PtxLanes.NumberAt(UpdateNumbers.Limit), scale = PtxLanes.NumberAt(UpdateNumbers.Scale);
            gradient = OptimizerKernels.Clip<PtxLanes, PtxOperand>(gradient, PtxLanes.Create(-limit), PtxLanes.Create(limit),
                PtxLanes.Create(scale));
            text.Line($"st.global.f32 [{gradientAt}], {gradient}");
        }
        weight = update.Apply(weight, gradient, ref values[0], ref values[1], ref values[2]);
        for (int i = 0; i < TUpdate.States; i++)
            text.Line($"st.global.f32 [{places[i]}], {values[i]}");
        text.Line($"st.global.f32 [{weightAt}], {weight}");
        return text.Render();
    }

    // A formula's numbers: what stands for those that the kernel loads.
    private static TStep Numbers<TStep>()
        where TStep : unmanaged
    {
        Span<float> places = stackalloc float[UpdateNumbers.Stride - UpdateNumbers.First];
        for (int i = 0; i < places.Length; i++)
            places[i] = PtxLanes.NumberAt(UpdateNumbers.First + i);
        return UpdateNumbers.Read<TStep>(places);
    }

    private static string WriteSquares()
    {
        const int DoubleBytes = sizeof(double);
        var text = new PtxText("sum_squares", Threads);
        PtxOperand gradients = text.Parameter("u64", "gradients"), sums = text.Parameter("u64", "sums"),
            limit = text.Parameter("f32", "limit"), count = text.Parameter("u32", "count");
        PtxOperand block = text.Op("mov.u32", "b32", "%ctaid.x"), thread = text.Op("mov.u32", "b32", "%tid.x");
        PtxLanes.Begin(text, default);
        PtxOperand lower = text.Op("neg.f32", "f32", limit.Text);
        PtxOperand first = text.Op("mul.lo.u32", "b32", block.Text, PtxText.Number(SquaresPerBlock));
        PtxOperand place = text.Op("add.u32", "b32", first.Text, thread.Text);
        PtxOperand end = text.Op("add.u32", "b32", first.Text, PtxText.Number(SquaresPerBlock));
        text.Line($"min.u32 {end}, {end}, {count}");
        PtxOperand sum = text.Op("mov.f64", "f64", "0d0000000000000000");
        text.Label("NEXT");
        PtxOperand beyond = text.Op("setp.ge.u32", "pred", place.Text, end.Text);
        text.Line($"@{beyond} bra SUMMED");
        PtxOperand offset = text.Op("mul.wide.u32", "b64", place.Text, PtxText.Number(sizeof(float)));
        PtxOperand at = text.Op("add.u64", "b64", gradients.Text, offset.Text);
        PtxOperand gradient = PtxLanes.Min(limit, PtxLanes.Max(lower, text.Op("ld.global.f32", "f32", $"[{at}]")));
        PtxOperand wide = text.Op("cvt.f64.f32", "f64", gradient.Text);
        text.Line($"fma.rn.f64 {sum}, {wide}, {wide}, {sum}");
        text.Line($"add.u32 {place}, {place}, {PtxText.Number(Threads)}");
        text.Line("bra NEXT");
        text.Label("SUMMED");
        PtxOperand parts = text.Shared("parts", Threads * DoubleBytes);
        PtxOperand own = text.Op("mad.lo.u32", "b32", thread.Text, PtxText.Number(DoubleBytes), parts.Text);
        text.Line($"st.shared.f64 [{own}], {sum}");
        // Pairs, then pairs of pairs: an order that is the same on every run.
        for (int distance = Threads / 2; distance > 0; distance /= 2)
        {
            string rest = PtxText.Number(distance);
            text.Line("bar.sync 0");
            PtxOperand rests = text.Op("setp.ge.u32", "pred", thread.Text, rest);
            text.Line($"@{rests} bra ADDED_{rest}");
            PtxOperand other = text.Op("ld.shared.f64", "f64", $"[{own}+{PtxText.Number(distance * DoubleBytes)}]");
            text.Line($"add.rn.f64 {sum}, {sum}, {other}");
            text.Line($"st.shared.f64 [{own}], {sum}");
            text.Label($"ADDED_{rest}");
        }
        PtxOperand isOther = text.Op("setp.ne.u32", "pred", thread.Text, "0");
        text.Line($"@{isOther} ret");
        PtxOperand sumOffset = text.Op("mul.wide.u32", "b64", block.Text, PtxText.Number(DoubleBytes));
        text.Line($"st.global.f64 [{text.Op("add.u64", "b64", sums.Text, sumOffset.Text)}], {sum}");
        return text.Render();
    }

    private static string WriteAdd()
    {
        var text = new PtxText("add_gradients", Threads);
        PtxOperand sums = text.Parameter("u64", "sums"), gradients = text.Parameter("u64", "gradients");
        PtxOperand offset = Offset(text, text.Parameter("u32", "count"));
        PtxLanes.Begin(text, default);
        PtxOperand at = text.Op("add.u64", "b64", sums.Text, offset.Text);
        PtxOperand sum = PtxLanes.Add(text.Op("ld.global.f32", "f32", $"[{at}]"), Load(text, gradients, offset, out _));
        text.Line($"st.global.f32 [{at}], {sum}");
        return text.Render();
    }

    // The place of a thread's element, in bytes. Threads behind the last end.
    private static PtxOperand Offset(PtxText text, PtxOperand count)
    {
        PtxOperand block = text.Op("mov.u32", "b32", "%ctaid.x"), thread = text.Op("mov.u32", "b32", "%tid.x");
        PtxOperand place = text.Op("mad.lo.u32", "b32", block.Text, PtxText.Number(Threads), thread.Text);
        PtxOperand beyond = text.Op("setp.ge.u32", "pred", place.Text, count.Text);
        text.Line($"@{beyond} ret");
        return text.Op("mul.wide.u32", "b64", place.Text, PtxText.Number(sizeof(float)));
    }

    private static PtxOperand Load(PtxText text, PtxOperand array, PtxOperand offset, out PtxOperand at)
    {
        at = text.Op("add.u64", "b64", array.Text, offset.Text);
        return text.Op("ld.global.f32", "f32", $"[{at}]");
    }
}
