using System.Globalization;
using System.Text.Json;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public unsafe class ScheduleTests
{
    private static readonly JsonElement s_golden =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", "schedules.json"))).RootElement;

    private static readonly Dictionary<string, Func<LearningRateSchedule>> s_schedules = new()
    {
        ["step"] = () => new StepLR(7),
        ["step gamma"] = () => new StepLR(30, 0.5),
        ["multi-step"] = () => new MultiStepLR([30, 80]),
        ["multi-step twice"] = () => new MultiStepLR([50, 10, 50], 0.3),
        ["exponential"] = () => new ExponentialLR(0.95),
        ["cosine"] = () => new CosineAnnealingLR(100),
        ["cosine minimum"] = () => new CosineAnnealingLR(60, 0.001),
        ["cosine again"] = () => new CosineAnnealingLR(15, 0.03),
        ["linear"] = () => new LinearLR(),
        ["linear warm-up"] = () => new LinearLR(0.01, totalSteps: 40),
        ["linear down"] = () => new LinearLR(1, 0.1, 70),
        ["constant"] = () => new ConstantLR(0.2, 12),
        ["lambda"] = () => new LambdaLR(t => 1 / Math.Sqrt(1 + t)),
        ["one-cycle"] = () => new OneCycleLR(0.5, 100),
        ["one-cycle Adam"] = () => new OneCycleLR(0.01, 100, 0.25, baseMomentum: 0.8, maximumMomentum: 0.9),
        ["one-cycle linear"] = () => new OneCycleLR(0.5, 20 * 5, annealStrategy: AnnealStrategy.Linear, divisor: 10, finalDivisor: 100),
        ["one-cycle three phases"] = () => new OneCycleLR(0.5, 101, 0.37, threePhase: true),
        ["one-cycle no momentum"] = () => new OneCycleLR(0.5, 110, 0, cycleMomentum: false),
        ["warm-up, cosine"] = () => new SequentialLR([new LinearLR(0.01, totalSteps: 10), new CosineAnnealingLR(90, 0.0005)], [10]),
        ["constant, exponential, step"] = ()
            => new SequentialLR([new ConstantLR(0.5, 5), new ExponentialLR(0.9), new StepLR(10, 0.4)], [8, 40]),
    };

    private static readonly Dictionary<string, Func<Optimizer, ReduceLROnPlateau>> s_plateaus = new()
    {
        ["plateau"] = o => new ReduceLROnPlateau(o, patience: 3),
        ["plateau defaults"] = o => new ReduceLROnPlateau(o),
        ["plateau factor"] = o => new ReduceLROnPlateau(o, factor: 0.5, patience: 2, threshold: 0.01),
        ["plateau absolute"] = o
            => new ReduceLROnPlateau(o, factor: 0.3, patience: 2, threshold: 0.05, thresholdMode: ThresholdMode.Absolute),
        ["plateau cooldown"] = o => new ReduceLROnPlateau(o, factor: 0.5, patience: 1, cooldown: 6),
        ["plateau minimum"] = o => new ReduceLROnPlateau(o, factor: 0.2, patience: 1, minimumRate: 0.004),
        ["plateau epsilon"] = o => new ReduceLROnPlateau(o, factor: 0.5, patience: 0, epsilon: 0.003),
        ["plateau max"] = o => new ReduceLROnPlateau(o, PlateauMode.Max, 0.5, 4),
        ["plateau max absolute"] = o => new ReduceLROnPlateau(o, PlateauMode.Max, 0.5, 4, 0.1, ThresholdMode.Absolute),
    };

    public static TheoryData<string> Schedules => new(s_schedules.Keys);

    public static TheoryData<string> Plateaus => new(s_plateaus.Keys);

    [Fact]
    public void Every_case_of_the_file_is_tested() =>
        Assert.Equal(s_golden.GetProperty("cases").EnumerateObject().Select(c => c.Name).Order(),
            s_schedules.Keys.Concat(s_plateaus.Keys).Order());

    [Theory, MemberData(nameof(Schedules))]
    public void Schedules_follow_PyTorch_for_a_hundred_steps(string name)
    {
        double[][] expected = Expected(name);
        Optimizer optimizer = Make(name);
        LearningRateSchedule schedule = s_schedules[name]();
        var scheduler = new LearningRateScheduler(optimizer, schedule);
        AssertAt(expected[0], optimizer, $"{name} at the start");
        for (int step = 1; step <= 100; step++)
        {
            scheduler.Step();
            Assert.Equal(step, scheduler.Steps);
            AssertAt(expected[step], optimizer, $"{name} after step {step}");
            AssertClose(expected[step][0], schedule.RateAt(step, 0.1), $"{name}: RateAt({step})");
        }
    }

    [Theory, MemberData(nameof(Plateaus))]
    public void ReduceLROnPlateau_follows_PyTorch_for_a_hundred_steps(string name)
    {
        double[][] expected = Expected(name);
        Optimizer optimizer = Make(name);
        ReduceLROnPlateau scheduler = s_plateaus[name](optimizer);
        AssertAt(expected[0], optimizer, $"{name} at the start");
        for (int step = 1; step <= 100; step++)
        {
            scheduler.Step(Metric(scheduler, step));
            AssertAt(expected[step], optimizer, $"{name} after step {step}");
        }
        // The file is worth nothing where nothing happens.
        Assert.NotEqual(expected[0][0], expected[100][0]);
    }

    [Theory, MemberData(nameof(Schedules))]
    public void A_restored_schedule_goes_on_with_the_same_bits(string name)
    {
        Optimizer straight = Make(name), first = Make(name), second = Make(name);
        var whole = new LearningRateScheduler(straight, s_schedules[name]());
        var before = new LearningRateScheduler(first, s_schedules[name]());
        for (int step = 0; step < 37; step++)
        {
            whole.Step();
            before.Step();
        }
        string saved = JsonSerializer.Serialize(before.GetState());
        // The second process may begin with other rates.
        second.LearningRate = 77;
        var after = new LearningRateScheduler(second, s_schedules[name]());
        after.Restore(JsonSerializer.Deserialize<Dictionary<string, string>>(saved)!);
        AssertSameBits(straight, second);
        Assert.Equal(before.GetState(), after.GetState());
        for (int step = 37; step < 100; step++)
        {
            whole.Step();
            after.Step();
            AssertSameBits(straight, second);
        }
    }

    [Theory, MemberData(nameof(Plateaus))]
    public void A_restored_plateau_goes_on_with_the_same_bits(string name)
    {
        Optimizer straight = Make(name), first = Make(name), second = Make(name);
        ReduceLROnPlateau whole = s_plateaus[name](straight), before = s_plateaus[name](first), fresh = s_plateaus[name](second);
        foreach (int cut in new[] { 0, 21, 47, 100 })
        {
            for (long step = before.Steps + 1; step <= cut; step++)
            {
                whole.Step(Metric(whole, (int)step));
                before.Step(Metric(before, (int)step));
            }
            fresh.Restore(before.GetState());
            Assert.Equal((before.Steps, before.Best, before.BadSteps, before.CooldownLeft),
                (fresh.Steps, fresh.Best, fresh.BadSteps, fresh.CooldownLeft));
            AssertSameBits(straight, second);
            for (int step = cut + 1; step <= 100; step++)
                fresh.Step(Metric(fresh, step));
            AssertClose(Expected(name)[100][0], second.Rate.Value, $"{name}, cut at {cut}");
        }
    }

    [Fact]
    public void A_state_that_does_not_fit_is_refused_and_changes_nothing()
    {
        Optimizer optimizer = Make("step");
        var scheduler = new LearningRateScheduler(optimizer, new StepLR(7));
        for (int i = 0; i < 10; i++)
            scheduler.Step();
        IReadOnlyDictionary<string, string> good = scheduler.GetState();
        scheduler.Step();
        (double rate, IReadOnlyDictionary<string, string> now) = (optimizer.Rate.Value, scheduler.GetState());

        Refuse("schedule", "StepLR(stepSize 8, gamma 0.1)", "StepLR(stepSize 8, gamma 0.1)");
        Refuse("steps", "-1", "'steps'");
        Refuse("steps", "1.5", "'steps'");
        Refuse("initial_rates", "0.1", "0 parameter groups");
        Refuse("initial_rates", "0.1 -", "\"b\"");
        Refuse("initial_rates", "- 0.1", "the optimiser");
        Refuse("rates", "0.1 NaN", "'NaN'");
        Refuse("rates", "0.1 -0.5", "'-0.5'");
        Refuse("momentum", "x", "'momentum'");
        foreach (string key in good.Keys)
        {
            var less = new Dictionary<string, string>(good);
            less.Remove(key);
            Assert.Contains($"'{key}' is missing", Assert.Throws<ArgumentException>(() => scheduler.Restore(less)).Message,
                StringComparison.Ordinal);
        }
        Assert.Equal(rate, optimizer.Rate.Value);
        Assert.Equal(now, scheduler.GetState());
        scheduler.Restore(good);
        Assert.Equal(10, scheduler.Steps);

        void Refuse(string key, string value, string expected)
        {
            var bad = new Dictionary<string, string>(good) { [key] = value };
            Assert.Contains(expected, Assert.Throws<ArgumentException>(() => scheduler.Restore(bad)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_plateaus_state_that_does_not_fit_is_refused_and_changes_nothing()
    {
        Optimizer optimizer = Make("plateau");
        var scheduler = new ReduceLROnPlateau(optimizer, patience: 3);
        for (int i = 0; i < 10; i++)
            scheduler.Step(1);
        IReadOnlyDictionary<string, string> good = scheduler.GetState();
        foreach ((string key, string value) in
            new[] { ("best", "?"), ("bad_steps", "-1"), ("cooldown_left", "x"), ("steps", ""), ("rates", "0.1"), ("schedule", "StepLR") })
        {
            var bad = new Dictionary<string, string>(good) { [key] = value };
            Assert.Throws<ArgumentException>(() => scheduler.Restore(bad));
            Assert.Equal(good, scheduler.GetState());
        }
        // A first value of infinity, or none at all, is no reason to refuse.
        scheduler.Restore(new ReduceLROnPlateau(Make("plateau"), patience: 3).GetState());
        Assert.Equal(double.PositiveInfinity, scheduler.Best);
    }

    [Fact]
    public void NaN_is_never_better()
    {
        Optimizer optimizer = Make("plateau");
        var scheduler = new ReduceLROnPlateau(optimizer, patience: 1);
        Assert.False(scheduler.Step(5));
        Assert.False(scheduler.Step(double.NaN));
        Assert.True(scheduler.Step(double.NaN));
        Assert.Equal(5, scheduler.Best);
        Assert.Equal(0.01f, optimizer.LearningRate);
    }

    [Fact]
    public void The_end_of_a_cycle_is_told_and_leaves_the_optimiser_as_it_is()
    {
        Optimizer optimizer = Make("one-cycle");
        var scheduler = new LearningRateScheduler(optimizer, new OneCycleLR(0.5, 10));
        for (int i = 0; i < 10; i++)
            scheduler.Step();
        (double rate, double? momentum) = (optimizer.Rate.Value, optimizer.CyclicMomentum);
        Assert.Contains("OneCycleLR has 10 steps", Assert.Throws<InvalidOperationException>(scheduler.Step).Message,
            StringComparison.Ordinal);
        Assert.Equal((10, rate, momentum), (scheduler.Steps, optimizer.Rate.Value, optimizer.CyclicMomentum));
        Assert.Throws<InvalidOperationException>(() => new OneCycleLR(0.5, 10).RateAt(11, 1));
        // Phases of no length are over at once.
        Assert.Equal(0.5, new OneCycleLR(0.5, 4, 0.25).RateAt(0, 1));
        Assert.True(double.IsFinite(new OneCycleLR(0.5, 1).RateAt(0, 1)));
    }

    [Fact]
    public void An_optimiser_follows_the_scheduler_that_was_made_last()
    {
        Optimizer optimizer = Make("step");
        var first = new LearningRateScheduler(optimizer, new StepLR(1));
        var second = new ReduceLROnPlateau(optimizer);
        Assert.Throws<InvalidOperationException>(first.Step);
        Assert.Throws<InvalidOperationException>(() => first.Restore(first.GetState()));
        second.Step(1);
        // One that cannot be made takes nothing over.
        Assert.Throws<InvalidOperationException>(() => new LearningRateScheduler(optimizer, new LambdaLR(_ => -1)));
        second.Step(1);
        var third = new LearningRateScheduler(optimizer, new ExponentialLR(0.5));
        Assert.Throws<InvalidOperationException>(() => second.Step(1));
        third.Step();
        Assert.Equal(0.05f, optimizer.LearningRate);
    }

    [Fact]
    public void Groups_with_a_factor_follow_and_groups_that_get_a_rate_later_join()
    {
        var optimizer = new SGD(1) { Groups = { new ParameterGroup("a") { LearningRateFactor = 0.5f }, new ParameterGroup("b") } };
        using AlignedBuffer weights = Floats.Buffer(new float[48]), gradient = Floats.Buffer(Enumerable.Repeat(1f, 48).ToArray());
        Parameter[] parameters =
            [.. "abc".Select((name, i) =>
            new Parameter(name.ToString(), [16], weights, 16 * i, new TensorLayout(new TensorDimension(16, 1)), ParameterKind.Weight,
            1, 1))];
        using var state = new OptimizerState(optimizer, parameters, 48, new TrainerOptions(), VectorSupport.Best);
        var scheduler = new LearningRateScheduler(optimizer, new ExponentialLR(0.5));
        Assert.Equal([-0.5f, -1f, -1f], Step());
        scheduler.Step();
        Assert.Equal([-0.25f, -0.5f, -0.5f], Step());
        optimizer.Groups[1].LearningRate = 8;
        scheduler.Step();
        Assert.Equal([-0.125f, -2f, -0.25f], Step());
        optimizer.Groups[1].LearningRate = null;
        scheduler.Step();
        Assert.Equal([-0.0625f, -0.125f, -0.125f], Step());

        float[] Step()
        {
            weights.Span().Clear();
            state.BeginStep();
            state.Update(weights.Pointer, gradient.Pointer, 0, 1);
            return [weights.Span()[0], weights.Span()[16], weights.Span()[47]];
        }
    }

    [Fact]
    public void Momentum_that_a_schedule_switches_on_takes_part_in_the_step()
    {
        var optimizer = new SGD(0.1f);
        using AlignedBuffer weights = Floats.Buffer([0]), gradient = Floats.Buffer([1]);
        using var state = new OptimizerState(optimizer, 1);
        var scheduler =
            new LearningRateScheduler(optimizer, new OneCycleLR(1, 3, 0, AnnealStrategy.Linear, baseMomentum: 0.5, maximumMomentum: 0.5));
        double expected = 0, buffer = 0;
        for (int step = 0; step < 3; step++)
        {
            buffer = 0.5 * buffer + 1;
            expected -= optimizer.Rate.Value * buffer;
            state.BeginStep();
            state.Update(weights.Pointer, gradient.Pointer, 0, 1);
            Assert.Equal(expected, weights.Span()[0], 6);
            scheduler.Step();
        }
    }

    [Fact]
    public void Settings_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>("stepSize", () => new StepLR(0));
        Assert.Throws<ArgumentException>("milestones", () => new MultiStepLR([]));
        Assert.Throws<ArgumentOutOfRangeException>("milestones", () => new MultiStepLR([3, -1]));
        Assert.Throws<ArgumentOutOfRangeException>("maximumSteps", () => new CosineAnnealingLR(0));
        Assert.Throws<ArgumentOutOfRangeException>("totalSteps", () => new LinearLR(totalSteps: 0));
        Assert.Throws<ArgumentOutOfRangeException>("totalSteps", () => new ConstantLR(totalSteps: 0));
        Assert.Throws<ArgumentOutOfRangeException>("totalSteps", () => new OneCycleLR(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("annealStrategy", () => new OneCycleLR(1, 10, annealStrategy: (AnnealStrategy)2));
        Assert.Throws<ArgumentOutOfRangeException>("maximumRate", () => new OneCycleLR(0, 10));
        Assert.Throws<ArgumentOutOfRangeException>("divisor", () => new OneCycleLR(1, 10, divisor: 0));
        Assert.Throws<ArgumentOutOfRangeException>("maximumMomentum", () => new OneCycleLR(1, 10, maximumMomentum: 1));
        Assert.Throws<ArgumentNullException>("factor", () => new LambdaLR(null!));
        foreach (double bad in new[] { -0.1, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>("gamma", () => new StepLR(1, bad));
            Assert.Throws<ArgumentOutOfRangeException>("gamma", () => new MultiStepLR([1], bad));
            Assert.Throws<ArgumentOutOfRangeException>("gamma", () => new ExponentialLR(bad));
            Assert.Throws<ArgumentOutOfRangeException>("minimumRate", () => new CosineAnnealingLR(1, bad));
            Assert.Throws<ArgumentOutOfRangeException>("startFactor", () => new LinearLR(bad));
            Assert.Throws<ArgumentOutOfRangeException>("endFactor", () => new LinearLR(1, bad));
            Assert.Throws<ArgumentOutOfRangeException>("factor", () => new ConstantLR(bad));
            Assert.Throws<ArgumentOutOfRangeException>("warmUpShare", () => new OneCycleLR(1, 10, bad));
            Assert.Throws<ArgumentOutOfRangeException>("finalDivisor", () => new OneCycleLR(1, 10, finalDivisor: bad));
            Assert.Throws<ArgumentOutOfRangeException>("baseMomentum", () => new OneCycleLR(1, 10, baseMomentum: bad));
            Assert.Throws<ArgumentOutOfRangeException>("initialRate", () => new StepLR(1).RateAt(0, bad));
            Assert.Throws<ArgumentOutOfRangeException>("factor", () => new ReduceLROnPlateau(new SGD(1), factor: bad));
            Assert.Throws<ArgumentOutOfRangeException>("threshold", () => new ReduceLROnPlateau(new SGD(1), threshold: bad));
            Assert.Throws<ArgumentOutOfRangeException>("minimumRate", () => new ReduceLROnPlateau(new SGD(1), minimumRate: bad));
            Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new ReduceLROnPlateau(new SGD(1), epsilon: bad));
        }
        Assert.Throws<ArgumentOutOfRangeException>("step", () => new StepLR(1).RateAt(-1, 1));
        Assert.Throws<ArgumentException>("schedules", () => new SequentialLR([], []));
        Assert.Throws<ArgumentException>("milestones", () => new SequentialLR([new StepLR(1), new StepLR(1)], []));
        Assert.Throws<ArgumentException>("milestones", () => new SequentialLR([new StepLR(1), new StepLR(1)], [0]));
        Assert.Throws<ArgumentException>("milestones", () => new SequentialLR([new StepLR(1), new StepLR(1), new StepLR(1)], [5, 5]));
        Assert.Throws<ArgumentNullException>("schedules", () => new SequentialLR([null!], []));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => new ReduceLROnPlateau(new SGD(1), factor: 1));
        Assert.Throws<ArgumentOutOfRangeException>("mode", () => new ReduceLROnPlateau(new SGD(1), (PlateauMode)2));
        Assert.Throws<ArgumentOutOfRangeException>("thresholdMode",
            () => new ReduceLROnPlateau(new SGD(1), thresholdMode: (ThresholdMode)2));
        Assert.Throws<ArgumentOutOfRangeException>("patience", () => new ReduceLROnPlateau(new SGD(1), patience: -1));
        Assert.Throws<ArgumentOutOfRangeException>("cooldown", () => new ReduceLROnPlateau(new SGD(1), cooldown: -1));
        Assert.Contains("Adagrad",
            Assert.Throws<ArgumentException>("schedule", () => new LearningRateScheduler(new Adagrad(), new OneCycleLR(1, 10))).Message,
            StringComparison.Ordinal);
        Assert.Equal(0.04f, new LearningRateScheduler(new Adagrad(), new OneCycleLR(1, 10, cycleMomentum: false)).Optimizer.LearningRate);
    }

    [Fact]
    public void Texts_are_invariant_and_steps_allocate_nothing()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal("SequentialLR([LinearLR(startFactor 0.01, endFactor 1, totalSteps 10), CosineAnnealingLR(maximumSteps 90, "
                + "minimumRate 0.0005)], milestones [10])", s_schedules["warm-up, cosine"]().ToString());
            Optimizer optimizer = Make("one-cycle");
            var scheduler = new LearningRateScheduler(optimizer, new OneCycleLR(0.5, 1000));
            scheduler.Step();
            scheduler.Restore(scheduler.GetState());
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
                scheduler.Step();
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - bytes);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static Optimizer Make(string name)
    {
        Optimizer optimizer = name == "one-cycle Adam" ? new Adam(0.1f) : new SGD(0.1f, 0.9f);
        optimizer.Groups.Add(new ParameterGroup("b") { LearningRate = 0.02f });
        return optimizer;
    }

    private static double Metric(ReduceLROnPlateau scheduler, int step)
    {
        double metric = s_golden.GetProperty("metrics")[step - 1].GetDouble();
        return scheduler.Mode == PlateauMode.Max ? -metric : metric;
    }

    private static double[][] Expected(string name) =>
        [.. s_golden.GetProperty("cases").GetProperty(name).EnumerateArray()
            .Select(step => step.EnumerateArray().Select(x => x.GetDouble()).ToArray())];

    private static void AssertAt(double[] expected, Optimizer optimizer, string what)
    {
        AssertClose(expected[0], optimizer.Rate.Value, $"{what}: the optimiser's rate");
        AssertClose(expected[1], optimizer.GroupList[0].Rate!.Value, $"{what}: the group's rate");
        AssertClose(expected[2], optimizer.CyclicMomentum!.Value, $"{what}: the momentum");
    }

    private static void AssertSameBits(Optimizer expected, Optimizer actual)
    {
        Assert.Equal(expected.Rate.Value, actual.Rate.Value);
        Assert.Equal(expected.GroupList[0].Rate!.Value, actual.GroupList[0].Rate!.Value);
        Assert.Equal(expected.CyclicMomentum, actual.CyclicMomentum);
    }

    // PyTorch multiplies from step to step, which gathers rounding in double.
    private static void AssertClose(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-12 * Math.Abs(expected) + 1e-17, $"{what}: expected {expected:R}, found {actual:R}.");

    /// <summary>A list of nothing is told in words, and a text of anything in short.</summary>
    [Fact]
    public void States_are_told_in_short()
    {
        var scheduler = new LearningRateScheduler(new SGD(0.1f), new ConstantLR());
        Assert.EndsWith("is missing; it has none.",
            Assert.Throws<ArgumentException>(() => scheduler.Restore(new Dictionary<string, string>())).Message, StringComparison.Ordinal);
        var state = new Dictionary<string, string>(scheduler.GetState()) { ["schedule"] = new string('s', 1_000_000) };
        Assert.InRange(Assert.Throws<ArgumentException>(() => scheduler.Restore(state)).Message.Length, 1, 500);
        Dictionary<string, string> many = Enumerable.Range(0, 10_000).ToDictionary(i => $"key{i}", _ => "");
        Assert.EndsWith("and 9990 more.", Assert.Throws<ArgumentException>(() => scheduler.Restore(many)).Message,
            StringComparison.Ordinal);
    }
}
