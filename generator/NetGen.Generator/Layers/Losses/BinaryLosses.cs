using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Parsing;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers.Losses;

/// <summary>PyTorch's <c>BCELoss</c>: −(t log x + (1 − t) log(1 − x)) for probabilities x, the logarithms not below −100.</summary>
internal sealed class BCELoss() : ElementwiseLoss<BCELossSpec>("BCELoss")
{
    protected override string Meaning => "the probabilities that the output should have";

    public override LossSpec Read(LayerArguments arguments) => new BCELossSpec(ReadReduction(arguments), arguments.Numbers("Weight"));

    protected override void Check(BCELossSpec spec, LossContext context) => context.RequireFactors("Weight", spec.Weight);

    protected override IEnumerable<string> Options(BCELossSpec spec) => spec.Weight.Count == 0 ? [] : ["weights"];

    protected override ElementLoss Element(BCELossSpec spec)
    {
        string weight = spec.Weight.Count == 0 ? "" : "weight · ";
        return new ElementLoss($"{weight}−(t log x + (1 − t) log(1 − x))", $"{weight}(x − t) / max(x (1 − x), 10⁻¹²)", (writer, isa, names) =>
        {
            string one = isa.Broadcast("1f"), least = isa.Broadcast("-100f"), factor = spec.Weight.Count == 0 ? "" : " * weight";
            string log = names.Math(VectorFunction.Log);
            writer.Line($"{isa.Type} other = {one} - x;");
            writer.Line("// log(1 − x) from the rounded 1 − x, and what rounding took from it.");
            writer.Line($"{isa.Type} logarithm = {Epilogue.Maximum(isa, least, $"{log}(x)")}, otherLogarithm = {log}(other) - ((other - {one}) + x) / {Epilogue.Maximum(isa, isa.Broadcast("1e-12f"), "other")};");
            writer.Line($"otherLogarithm = {Epilogue.Maximum(isa, least, "otherLogarithm")};");
            writer.Line($"{isa.Type} loss = -(t * logarithm + ({one} - t) * otherLogarithm){factor};");
            writer.Line($"{isa.Type} slope = (x - t) / {Epilogue.Maximum(isa, isa.Broadcast("1e-12f"), "(x * other)")}{factor};");
        })
        {
            Factors = spec.Weight.Count == 0 ? [] : [("weight", spec.Weight)],
            Requirement = "BCELoss is defined for outputs from 0 to 1: put Sigmoid last, or take BCEWithLogitsLoss.",
            Refused = isa => $"~({isa.Static}.GreaterThanOrEqual(x, {isa.Zero}) & {isa.Static}.LessThanOrEqual(x, {isa.Broadcast("1f")}))",
        };
    }
}

/// <summary>PyTorch's <c>BCEWithLogitsLoss</c>: the same for logits, in a form that cannot overflow.</summary>
internal sealed class BCEWithLogitsLoss() : ElementwiseLoss<BCEWithLogitsLossSpec>("BCEWithLogitsLoss")
{
    protected override string Meaning => "the probabilities that the sigmoid of the output should have";

    public override LossSpec Read(LayerArguments arguments)
        => new BCEWithLogitsLossSpec(ReadReduction(arguments), arguments.Numbers("Weight"), arguments.Numbers("PosWeight"));

    protected override void Check(BCEWithLogitsLossSpec spec, LossContext context)
    {
        context.RequireFactors("Weight", spec.Weight);
        context.RequireFactors("PosWeight", spec.PosWeight);
    }

    protected override IEnumerable<string> Options(BCEWithLogitsLossSpec spec)
        => (spec.Weight.Count == 0 ? Array.Empty<string>() : ["weights"]).Concat(spec.PosWeight.Count == 0 ? [] : ["positive weights"]);

    protected override ElementLoss Element(BCEWithLogitsLossSpec spec)
    {
        bool weighted = spec.Weight.Count > 0, positive = spec.PosWeight.Count > 0;
        string weight = weighted ? "weight · " : "", term = positive ? "(1 + (positive − 1) t)" : "1";
        string formula = positive ? $"{weight}((1 − t) x + {term} log(1 + e⁻ˣ))" : $"{weight}((1 − t) x + log(1 + e⁻ˣ))";
        string slope = positive ? $"{weight}({term} σ(x) − positive · t)" : $"{weight}(σ(x) − t)";
        return new ElementLoss(formula, slope, (writer, isa, names) =>
        {
            string one = isa.Broadcast("1f"), factor = weighted ? " * weight" : "";
            writer.Line($"{isa.Type} e = {names.Math(VectorFunction.Exp)}(-{isa.Static}.Abs(x)), inverse = {one} / ({one} + e);");
            writer.Line("// log(1 + e⁻ˣ) = max(−x, 0) + log(1 + e^−|x|).");
            writer.Line($"{isa.Type} soft = {Epilogue.Maximum(isa, isa.Zero, "(-x)")} + {names.Math(VectorFunction.Log1p)}(e);");
            writer.Line($"{isa.Type} sigmoid = {isa.Static}.ConditionalSelect({isa.Static}.LessThan(x, {isa.Zero}), e * inverse, inverse);");
            if (positive)
                writer.Line($"{isa.Type} share = {one} + (positive - {one}) * t;");
            writer.Line($"{isa.Type} loss = (({one} - t) * x + {(positive ? "share * soft" : "soft")}){factor};");
            writer.Line($"{isa.Type} slope = ({(positive ? "share * sigmoid - positive * t" : "sigmoid - t")}){factor};");
        })
        {
            Factors = (weighted ? new[] { ("weight", spec.Weight) } : []).Concat(positive ? [("positive", spec.PosWeight)] : []).ToArray(),
        };
    }
}
