using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using NetGen.CompilerServices;
using NetGen.Conformance.Tests.Golden;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;
using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Functions;

/// <summary>
/// Element functions say what they compute, whatever machine computes it: an interpreter that knows no C# gives PyTorch's numbers, and the
/// same bits as the emitted code.
/// </summary>
public sealed class ElementFunctionTests
{
    private const double Unit = 1.0 / (1 << 24);

    public static TheoryData<string> Activations => new(ElementFunctionTable.Activations.Keys);

    public static TheoryData<string> Losses => new(ElementFunctionTable.Losses.Keys);

    /// <summary>Whether its multiply-adds round once.</summary>
    private static bool Fuses(CodeForm form)
        => form.Width != VectorWidth.Vector128 || (form.Consumer == Consumer.Net10 && (Fma.IsSupported || AdvSimd.IsSupported));

    /// <summary>What the function's class says of it, and what the interpreter makes of that.</summary>
    private static (float Value, float Slope) Evaluate(Activation activation, float x, float gradient, bool fuses)
    {
        ElementValue input = ElementValue.Named("input"), saved = ElementValue.Named("saved"), incoming = ElementValue.Named("incoming");
        ActivationFunction function = ActivationFunction.For(activation);
        ElementEvaluator evaluator = new ElementEvaluator(fuses).With(input, x).With(incoming, gradient);
        float value = evaluator.Number(function.Apply(input));
        evaluator.With(saved, activation.NeedsInput ? x : value);
        return (value, evaluator.Number(function.Derivative(incoming, saved)));
    }

    private static (float Loss, float Slope) Evaluate(ElementLoss loss, float output, float target, bool fuses)
    {
        ElementEvaluator evaluator = new ElementEvaluator(fuses).With(ElementLoss.Output, output).With(ElementLoss.Target, target);
        foreach (ElementFactor factor in loss.Factors)
            evaluator.With(factor.Element, factor.Values[0]);
        float[] results = evaluator.Run(loss.Program);
        Assert.Equal(new[] { evaluator.Number(loss.Cost), evaluator.Number(loss.Slope) }, results);
        return (results[0], results[1]);
    }

    [Fact]
    public void Every_activation_has_a_function_and_is_tested_here()
    {
        // What the user writes is code, which no interpreter knows.
        IEnumerable<Type> kinds = typeof(Activation).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Activation)) && type != typeof(UserActivation));
        Assert.Equal(kinds.OrderBy(type => type.Name), ElementFunctionTable.Activations.Values.Select(a => a.GetType()).Distinct().OrderBy(type => type.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Elementary_functions_are_right(bool fuses)
    {
        Check(Exponential.Exp, Math.Exp, -103.9, 45, ulps: 3);
        Check(Exponential.Whole, Math.Exp, -103.9, 88.6, ulps: 5);
        Check(Exponential.Expm1, x => Math.Abs(x) < 1e-5 ? x + x * x / 2 : Math.Exp(x) - 1, -87, 88, ulps: 4);
        Check(NaturalLogarithm.Log, Math.Log, 1e-45, 1e5, ulps: 3);
        Check(NaturalLogarithm.Log1p, x => x < 1e-5 ? x - x * x / 2 : Math.Log(1 + x), 0, 1, ulps: 3);
        Check(SigmoidFunction.Function, x => 1 / (1 + Math.Exp(-x)), -103.9, 103, ulps: 5);
        Check(TanhFunction.Function, Math.Tanh, -20, 20, ulps: 4);

        void Check(ElementFunction function, Func<double, double> expected, double lowest, double highest, double ulps)
        {
            foreach (float x in ElementFunctionTable.Numbers.Where(x => x >= lowest && x <= highest))
            {
                double value = expected(x), actual = ElementEvaluator.Call(function, fuses, x), ulp = 2 * Unit * Math.Abs(value);
                // The smallest numbers have fewer digits.
                Harness.Check.That(Math.Abs(actual - value) <= ulps * ulp + 3e-45,
                    $"{function}({x:R}) is {actual:R}, expected {value:R}: {Math.Abs(actual - value) / ulp:F1} ulp.");
            }
            Harness.Check.That(float.IsNaN(ElementEvaluator.Call(function, fuses, float.NaN)), $"{function} hides NaN.");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sine_and_cosine_are_right_and_stay_within_bounds(bool fuses)
    {
        foreach (float x in ElementFunctionTable.Numbers.Concat(Enumerable.Range(-1000, 2001).Select(i => i * 8.192f)))
        {
            float sine = ElementEvaluator.Call(Trigonometry.Sin, fuses, x), cosine = ElementEvaluator.Call(Trigonometry.Cos, fuses, x);
            if (!float.IsFinite(x))
            {
                Harness.Check.That(float.IsNaN(sine) && float.IsNaN(cosine), $"Of {x} they are {sine} and {cosine}.");
                continue;
            }
            Assert.InRange(sine, -1, 1);
            Assert.InRange(cosine, -1, 1);
            if (Math.Abs(x) > 8192)
                continue;
            Harness.Check.That(Math.Abs(sine - Math.Sin(x)) < 1.2e-7, $"sin({x:R}) is {sine:R}, expected {Math.Sin(x):R}.");
            Harness.Check.That(Math.Abs(cosine - Math.Cos(x)) < 1.2e-7, $"cos({x:R}) is {cosine:R}, expected {Math.Cos(x):R}.");
        }
        Assert.Equal(-1e-30f, ElementEvaluator.Call(Trigonometry.Sin, fuses, -1e-30f));
    }

    /// <summary>Abramowitz and Stegun, table 7.1.</summary>
    [Theory]
    [InlineData(0.1f, 0.1124629160)]
    [InlineData(0.5f, 0.5204998778)]
    [InlineData(0.75f, 0.7111556337)]
    [InlineData(1f, 0.8427007929)]
    [InlineData(1.5f, 0.9661051465)]
    [InlineData(2f, 0.9953222650)]
    public void The_error_function_has_the_values_of_the_handbook(float x, double expected)
    {
        Assert.Equal(expected, ElementEvaluator.Call(ErrorFunction.Erf, fuses: true, x), 2e-7);
        Assert.Equal(-expected, ElementEvaluator.Call(ErrorFunction.Erf, fuses: true, -x), 2e-7);
    }

    [Fact]
    public void Activations_and_losses_are_those_of_PyTorch()
    {
        int activations = 0, losses = 0;
        foreach (SpecialValues example in SpecialValues.Read())
        {
            string[] words = example.Network.Split(' ');
            if (words.Length == 2 && ElementFunctionTable.Activations.TryGetValue(words[1], out Activation? activation))
            {
                activations++;
                for (int i = 0; i < example.Input.Length; i++)
                {
                    (float value, float slope) = Evaluate(activation, (float)example.Input[i], 1f + i % 3, fuses: true);
                    Compare(example.Output[i], value, 2e-43, $"{words[1]}({example.Input[i]})");
                    // Where it follows from the output it is right to the output's digits only.
                    Compare(example.Gradient[i], slope, activation.NeedsInput ? 2e-43 : 1e-6, $"{words[1]}'({example.Input[i]})");
                }
            }
            if (words.Length == 3 && words[1] == "flatten" && ElementFunctionTable.Losses.TryGetValue(words[2], out LossSpec? spec))
            {
                losses++;
                ElementLoss loss = ElementFunctionTable.ElementOf(spec);
                var elements = example.Input.Zip(example.Target, (x, t) => Evaluate(loss, (float)x, (float)t, fuses: true)).ToArray();
                Compare(example.Loss!.Value, (float)elements.Average(e => (double)e.Loss), 1e-6, example.Network);
                for (int i = 0; i < elements.Length; i++)
                    Compare(example.Gradient[i], elements[i].Slope / elements.Length, 1e-6, $"gradient of {example.Network}, element {i}");
            }
        }
        Assert.Equal(ElementFunctionTable.Activations.Count, activations);
        Harness.Check.That(losses > 40, $"{losses} losses.");

        static void Compare(double expected, float actual, double floor, string what)
            => Assert.True(double.IsNaN(expected) ? float.IsNaN(actual)
                : double.IsInfinity(expected) || expected == 0 ? actual == expected
                : Math.Abs(actual - expected) <= 1e-5 * Math.Abs(expected) + floor, $"{what} is {actual:R}, expected {expected:R}.");
    }

    /// <summary>The interpreter and the emitted code are two machines for one text.</summary>
    [Theory, MemberData(nameof(Activations))]
    public void Emitted_activations_have_the_bits_of_the_interpreter(string word)
    {
        Stack stack = Stack.Parse($"in:{ElementFunctionTable.Numbers.Length} {word}");
        float[] gradients = ElementFunctionTable.Numbers.Select((_, i) => 0.7f + i % 5).ToArray();
        foreach (CodeForm form in CodeForm.All)
        {
            using ITrainerAdapter trainer = CompiledNetworks.Of(stack, form.Consumer).Create(1)
                .CreateTrainer(1, new SGD(0.1f), new TrainerOptions { VectorWidth = form });
            float[] outputs = new float[ElementFunctionTable.Numbers.Length], slopes = new float[ElementFunctionTable.Numbers.Length];
            trainer.Forward(ElementFunctionTable.Numbers, outputs);
            trainer.BackwardFromOutput(gradients, slopes);
            for (int i = 0; i < ElementFunctionTable.Numbers.Length; i++)
            {
                (float value, float slope) = Evaluate(ElementFunctionTable.Activations[word], ElementFunctionTable.Numbers[i], gradients[i], Fuses(form));
                AssertSame(value, outputs[i], $"{word}({ElementFunctionTable.Numbers[i]:R}) on {form}");
                AssertSame(slope, slopes[i], $"{word}'({ElementFunctionTable.Numbers[i]:R}) on {form}");
            }
        }
    }

    [Theory, MemberData(nameof(Losses))]
    public void Emitted_losses_have_the_bits_of_the_interpreter(string word)
    {
        ElementLoss loss = ElementFunctionTable.ElementOf(ElementFunctionTable.Losses[word]);
        bool isProbability = ElementFunctionTable.Losses[word] is BCELossSpec;
        (float Output, float Target)[] pairs = ElementFunctionTable.Numbers.Where(x => Math.Abs(x) < 1e4 && (!isProbability || x is >= 0 and <= 1))
            .SelectMany(x => new[] { 0f, 1f, 0.3f, 0.75f, x }.Select(t => (x, t))).ToArray();
        Stack stack = Stack.Parse($"in:1x1x1 flatten {word}{(word.Contains(':', StringComparison.Ordinal) ? "," : ":")}sum");
        foreach (CodeForm form in CodeForm.All)
        {
            using ITrainerAdapter trainer = CompiledNetworks.Of(stack, form.Consumer).Create(1)
                .CreateTrainer(pairs.Length, new SGD(0.1f), new TrainerOptions { VectorWidth = form });
            float[] gradient = new float[pairs.Length];
            trainer.Forward(Array.ConvertAll(pairs, p => p.Output), new float[pairs.Length]);
            trainer.Backward([], Array.ConvertAll(pairs, p => p.Target), gradient);
            for (int i = 0; i < pairs.Length; i++)
            {
                (float cost, float slope) = Evaluate(loss, pairs[i].Output, pairs[i].Target, Fuses(form));
                AssertSame(cost, (float)trainer.SampleLosses[i], $"{word} of {pairs[i]} on {form}");
                AssertSame(slope, gradient[i], $"slope of {word} of {pairs[i]} on {form}");
            }
        }
    }

    /// <summary>Which of two zeros a maximum gives is left to the processor.</summary>
    private static void AssertSame(float expected, float actual, string what)
        => Harness.Check.That(expected == actual || (float.IsNaN(expected) && float.IsNaN(actual)),
            $"{what} is {actual:R}, and {expected:R} interpreted.");

    [Theory, MemberData(nameof(Activations))]
    public void What_an_activation_says_of_itself_is_so(string word)
    {
        Activation activation = ElementFunctionTable.Activations[word];
        Assert.Equal(activation.KeepsZero, Evaluate(activation, 0, 1, fuses: true).Value == 0);
        float[] values = ElementFunctionTable.Numbers.Where(float.IsFinite).Order().Select(x => Evaluate(activation, x, 1, fuses: true).Value).ToArray();
        // But for the last digit.
        for (int i = 1; activation.IsIncreasing && i < values.Length; i++)
        {
            Harness.Check.That(values[i] >= values[i - 1] || values[i] >= values[i - 1] - 4 * Unit * Math.Abs(values[i - 1]),
                $"{word} falls from {values[i - 1]:R} to {values[i]:R}.");
        }
        ElementValue x = ElementValue.Named("x");
        ElementOperator[] operators = Operators(ActivationFunction.For(activation).Apply(x).Term).Distinct().ToArray();
        Assert.Equal(activation.IsCheap, !operators.Contains(ElementOperator.Divide) && !operators.Contains(ElementOperator.ShiftLeft));
    }

    [Fact]
    public void Sums_of_activations_are_sums()
    {
        ElementValue a = ElementValue.Named("a"), b = ElementValue.Named("b");
        foreach (Activation activation in ElementFunctionTable.Activations.Values)
        {
            ElementValue sum = ActivationFunction.For(activation).Sum(a, b);
            foreach (float x in ElementFunctionTable.Numbers.Where(x => Math.Abs(x) < 80))
            {
                float y = -0.6f * x + 1;
                double first = Evaluate(activation, x, 1, fuses: true).Value, second = Evaluate(activation, y, 1, fuses: true).Value;
                double expected = first + second;
                float actual = new ElementEvaluator(fuses: true).With(a, x).With(b, y).Number(sum);
                // What the two take from each other was rounded at the size it had.
                Harness.Check.That(Math.Abs(actual - expected) <= 1e-6 * (Math.Abs(first) + Math.Abs(second) + 1e-6),
                    $"{activation}({x}) + {activation}({y}) is {actual:R}, expected {expected:R}.");
            }
        }
    }

    /// <summary>Functions of one name would have one method.</summary>
    [Fact]
    public void Names_are_unique_and_parameters_are_used()
    {
        var functions = new HashSet<ElementFunction>();
        foreach (Activation activation in ElementFunctionTable.Activations.Values)
        {
            ElementValue x = ElementValue.Named("x");
            ActivationFunction function = ActivationFunction.For(activation);
            foreach (ElementValue value in new[] { function.Apply(x), function.Derivative(x, x), function.Sum(x, x) })
                functions.UnionWith(Calls(value.Term));
        }
        foreach (LossSpec spec in ElementFunctionTable.Losses.Values)
            functions.UnionWith(TermsOf(ElementFunctionTable.ElementOf(spec).Program).SelectMany(Calls));
        Harness.Check.That(functions.Count >= 18, $"{functions.Count} functions.");
        Assert.Equal(functions.Count, functions.Select(f => f.Name).Distinct().Count());
        foreach (ElementFunction function in functions)
        {
            IEnumerable<ElementTerm.Variable> used = TermsOf(function.Program).SelectMany(Parts).OfType<ElementTerm.Variable>();
            Assert.Empty(function.Parameters.Except(used.Select(variable => variable.Name)));
        }
    }

    /// <summary>Functions are values: what is written twice is equal.</summary>
    [Fact]
    public void Equal_functions_are_equal_terms()
    {
        ElementValue x = ElementValue.Named("x");
        Assert.Equal(ActivationFunction.For(new ELUActivation(0.5f)).Apply(x), ActivationFunction.For(new ELUActivation(0.5f)).Apply(x));
        Assert.NotEqual(ActivationFunction.For(new ELUActivation(0.5f)).Apply(x), ActivationFunction.For(new ELUActivation(0.6f)).Apply(x));
        Assert.Equal(ElementFunctionTable.ElementOf(ElementFunctionTable.Losses["bcelogits:w=0.7,p=3"]), ElementFunctionTable.ElementOf(ElementFunctionTable.Losses["bcelogits:w=0.7,p=3"]));
        Assert.NotEqual(ElementFunctionTable.ElementOf(ElementFunctionTable.Losses["kl"]), ElementFunctionTable.ElementOf(ElementFunctionTable.Losses["kl:log"]));
    }

    private static IEnumerable<ElementTerm> TermsOf(ElementProgram program) => program.Statements.Select(statement => statement switch
    {
        ElementStatement.Definition definition => definition.Term,
        ElementStatement.Assignment assignment => assignment.Term,
        _ => new ElementTerm.Zero(),
    }).Concat(program.Results);

    /// <summary>The term and all in it, functions it calls left closed.</summary>
    private static IEnumerable<ElementTerm> Parts(ElementTerm term) => (term switch
    {
        ElementTerm.Operation operation => operation.Operands,
        ElementTerm.Call call => call.Arguments,
        _ => EquatableArray<ElementTerm>.Empty,
    }).SelectMany(Parts).Prepend(term);

    /// <summary>The functions that are called, and what they call.</summary>
    private static IEnumerable<ElementFunction> Calls(ElementTerm term) => Parts(term).OfType<ElementTerm.Call>()
        .SelectMany(call => TermsOf(call.Function.Program).SelectMany(Calls).Prepend(call.Function));

    /// <summary>In the term and in what it calls.</summary>
    private static IEnumerable<ElementOperator> Operators(ElementTerm term)
        => Calls(term).Distinct().SelectMany(function => TermsOf(function.Program)).Prepend(term).SelectMany(Parts)
            .OfType<ElementTerm.Operation>().Select(operation => operation.Operator);
}
