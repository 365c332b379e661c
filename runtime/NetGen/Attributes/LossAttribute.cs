namespace NetGen;

/// <summary>
/// Base of the attributes that name the loss a network is trained with. A network has at most one, as its last attribute.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public abstract class LossAttribute : Attribute;
