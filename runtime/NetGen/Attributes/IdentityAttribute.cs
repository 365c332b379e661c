namespace NetGen;

/// <summary>Gives what it is given, PyTorch's <c>Identity</c>: a place that stays empty. Nothing is computed or copied for it.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class IdentityAttribute : LayerAttribute;
